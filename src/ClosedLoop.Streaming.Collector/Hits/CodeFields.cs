using System.Collections.Frozen;
using System.Text;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Collector;

/// <summary>
/// Codes of stored links, as they are printed, said on the phone or handed out: whoever names one in a form or as an order's coupon says where
/// the person comes from. The record carries the campaign of the code, so that a later change of the link changes no history.
/// </summary>
internal sealed class SiteCodes
{
    /// <summary>Characters of a code; a longer text is none.</summary>
    public const int CharactersMax = 200;

    private readonly FrozenDictionary<string, Link> _links;

    private SiteCodes(FrozenDictionary<string, Link> links) => _links = links;

    public static SiteCodes None { get; } = new(FrozenDictionary<string, Link>.Empty);

    /// <summary>Without case; of two links with one code the first by slug counts.</summary>
    public static SiteCodes Of(IEnumerable<Link> links)
    {
        var codes = new Dictionary<string, Link>(StringComparer.OrdinalIgnoreCase);
        foreach (var link in links.Where(l => l.Code is { Length: > 0 }).OrderBy(l => l.Slug, StringComparer.Ordinal)) codes.TryAdd(link.Code!.Trim(), link);
        return codes.Count == 0 ? None : new SiteCodes(codes.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Adds the campaign of the code, when the text is one.</summary>
    public void Write(RecordWriter record, ReadOnlySpan<byte> text)
    {
        if (_links.Count == 0 || text.IsEmpty || text.Length > CharactersMax * 4) return;
        if (!_links.TryGetValue(Encoding.UTF8.GetString(text).Trim(), out var link)) return;
        record.Add(Field.Code, link.Code).Add(Field.CodeSource, link.Source).Add(Field.CodeMedium, link.Medium).Add(Field.CodeCampaign, link.Campaign)
            .Add(Field.CodeChannel, link.Channel ?? "Offline");
    }
}
