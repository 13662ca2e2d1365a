using System.Text;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>
/// The campaign that an address names: utm_*, Matomo's mtm_* and pk_*, and the click id with its network (FIELD.md §5). Reusable and not thread-safe; what it gives lives until the next
/// <see cref="Read(PageAddress)"/>. Of several spellings utm wins, of equal ones the first with a value; of several click ids the one that proves most
/// (the order of <see cref="ClickNetwork.All"/>). Names are compared without case.
/// </summary>
public sealed class CampaignFields
{
    /// <summary>Bytes kept of a decoded value; longer ones are cut at a character.</summary>
    public const int ValueBytesMax = 512;

    private const int Unset = int.MaxValue;
    private static readonly ByteTable<Parameter> Parameters = new([.. Spellings(), .. ClickIds()]);

    private readonly byte[] _values = new byte[(int)Slot.Count * ValueBytesMax];
    private readonly int[] _lengths = new int[(int)Slot.Count];
    private readonly int[] _ranks = new int[(int)Slot.Count];
    private ClickNetwork? _network;

    private enum Slot { Source, Medium, Campaign, Term, Content, CampaignId, ClickId, Count }

    public ReadOnlySpan<byte> Source => Value(Slot.Source);
    public ReadOnlySpan<byte> Medium => Value(Slot.Medium);
    public ReadOnlySpan<byte> Campaign => Value(Slot.Campaign);
    public ReadOnlySpan<byte> Term => Value(Slot.Term);
    public ReadOnlySpan<byte> Content => Value(Slot.Content);
    public ReadOnlySpan<byte> CampaignId => Value(Slot.CampaignId);
    /// <summary>The id as the network needs it back for an offline conversion.</summary>
    public ReadOnlySpan<byte> ClickId => Value(Slot.ClickId);
    /// <summary>Name of the click id's network (Google Ads); empty without a click id.</summary>
    public ReadOnlySpan<byte> Network => _network is null ? default : _network.NameBytes;

    /// <summary>Whether anything was found.</summary>
    public bool Any { get; private set; }

    /// <summary>Whether a value was longer than <see cref="ValueBytesMax"/>.</summary>
    public bool WasCut { get; private set; }

    /// <summary>Reads the query of an address and the query in its fragment. Gives <see cref="Any"/> back.</summary>
    public bool Read(PageAddress address)
    {
        Clear();
        ReadQuery(address.Query);
        ReadQuery(FragmentQuery.Of(address.Fragment));
        return Any;
    }

    /// <summary>Reads an absolute address; false also when it is none.</summary>
    public bool Read(ReadOnlySpan<byte> url)
    {
        if (PageAddress.TryParse(url, out var address)) return Read(address);
        Clear();
        return false;
    }

    public void Clear()
    {
        Array.Clear(_lengths);
        Array.Fill(_ranks, Unset);
        (_network, Any, WasCut) = (null, false, false);
    }

    private void ReadQuery(ReadOnlySpan<byte> query)
    {
        Span<byte> decoded = stackalloc byte[64];
        for (var left = QueryText.ParametersMax; left > 0 && QueryText.Next(ref query, out var name, out var value); left--)
        {
            if (value.IsEmpty || name.Length > decoded.Length) continue;
            var plain = QueryText.IsPlain(name) ? name : decoded[..QueryText.Unescape(name, decoded)];
            if (Parameters.Find(plain) is not { } parameter || parameter.Rank >= _ranks[(int)parameter.Slot]) continue;
            if (!Keep(parameter.Slot, value)) continue;
            _ranks[(int)parameter.Slot] = parameter.Rank;
            if (parameter.Network is not null) _network = parameter.Network;
            Any = true;
        }
    }

    private bool Keep(Slot slot, ReadOnlySpan<byte> encoded)
    {
        Span<byte> buffer = stackalloc byte[2 * ValueBytesMax];
        var decoded = Bytes.Trim(QueryText.Decode(encoded, buffer));
        if (decoded.IsEmpty) return false;
        var kept = Bytes.Cut(decoded, ValueBytesMax);
        WasCut |= kept.Length < decoded.Length;
        kept.CopyTo(_values.AsSpan((int)slot * ValueBytesMax));
        _lengths[(int)slot] = kept.Length;
        return true;
    }

    private ReadOnlySpan<byte> Value(Slot slot) => _values.AsSpan((int)slot * ValueBytesMax, _lengths[(int)slot]);

    private static IEnumerable<KeyValuePair<string, Parameter>> Spellings()
    {
        var rank = 0;
        foreach (var prefix in new[] { "utm_", "mtm_", "pk_", "matomo_", "piwik_" })
        {
            foreach (var (name, slot) in new[]
            {
                ("source", Slot.Source), ("medium", Slot.Medium), ("campaign", Slot.Campaign), ("cpn", Slot.Campaign), ("term", Slot.Term), ("keyword", Slot.Term),
                ("kwd", Slot.Term), ("content", Slot.Content), ("id", Slot.CampaignId), ("cid", Slot.CampaignId),
            })
                yield return new(prefix + name, new Parameter(slot, rank, null));
            rank++;
        }
    }

    private static IEnumerable<KeyValuePair<string, Parameter>> ClickIds() =>
        ClickNetwork.All.SelectMany(network => network.Parameters, (network, name) => (network, name))
            .Select((pair, rank) => new KeyValuePair<string, Parameter>(pair.name, new Parameter(Slot.ClickId, rank, pair.network)));

    private sealed record Parameter(Slot Slot, int Rank, ClickNetwork? Network);
}
