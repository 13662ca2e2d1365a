using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>An offline code that a form or an order named is a touch of its campaign, with evidence <c>reported</c>, at the moment of the form or order.</summary>
internal static class CodeWriter
{
    // The same event may also say where somebody heard of us: two touches, told apart by their keys.
    private const ulong Mark = 0xC0DE_C0DE_C0DE_C0DEUL;

    public static void Apply(History history, RecordReader e, long at, ulong key, SiteRules site)
    {
        if (!e.Has(Field.Code)) return;
        if (history.Said.Count == Limits.SaidSourcesMax)
        {
            history.Capped = true;
            return;
        }
        var input = new SourceInput { Source = e[Field.CodeSource], Medium = e[Field.CodeMedium], Campaign = e[Field.CodeCampaign], LinkChannel = e[Field.CodeChannel] };
        var source = history.SourceOf(HitSource.ForMemory(SourceRules.Resolve(input, site)));
        var place = history.Said.Count;
        key ^= Mark;
        while (place > 0 && (history.Said[place - 1].At > at || history.Said[place - 1].At == at && history.Said[place - 1].Key > key)) place--;
        history.Said.Insert(place, new SaidSource(at, key, source, 1));
    }
}
