namespace ClosedLoop.Streaming.Visitors;

public sealed partial class History
{
    /// <summary>The index of a source in <see cref="Sources"/>; equal sources have one index.</summary>
    public short SourceOf(scoped in ResolvedSource source)
    {
        for (var i = 0; i < Sources.Count; i++)
            if (IsSame(Sources[i], source)) return (short)i;
        if (Sources.Count == Limits.SourcesMax)
        {
            Capped = true;
            return (short)(Limits.SourcesMax - 1);
        }
        Sources.Add(new SourceEntry(
            Keep(source.Channel), Keep(source.Source), Keep(source.Medium), Keep(source.Campaign), Keep(source.Term), Keep(source.Content),
            Keep(source.ClickId), Keep(source.Network), Keep(source.RefrMedium), Keep(source.RefrSource)));
        return (short)(Sources.Count - 1);
    }

    private bool IsSame(in SourceEntry known, scoped in ResolvedSource source) =>
        IsSame(known.Channel, source.Channel) && IsSame(known.Source, source.Source) && IsSame(known.Medium, source.Medium)
        && IsSame(known.Campaign, source.Campaign) && IsSame(known.Term, source.Term) && IsSame(known.Content, source.Content)
        && IsSame(known.ClickId, source.ClickId) && IsSame(known.Network, source.Network)
        && IsSame(known.RefrMedium, source.RefrMedium) && IsSame(known.RefrSource, source.RefrSource);

    private bool IsSame(TextRef known, ReadOnlySpan<byte> text) => this[known].SequenceEqual(Utf8Cut.To(text, Limits.TextBytesMax));

    /// <summary>Whether two sources name one campaign: a reload, or the same address without its referrer, is no new one (FIELD.md §7).</summary>
    private bool IsSameCampaign(short one, short other)
    {
        if (one == other) return true;
        if (one < 0 || other < 0) return false;
        ref readonly var a = ref Sources[one];
        ref readonly var b = ref Sources[other];
        return IsSame(a.Source, this[b.Source]) && IsSame(a.Medium, this[b.Medium]) && IsSame(a.Campaign, this[b.Campaign])
            && IsSame(a.Term, this[b.Term]) && IsSame(a.Content, this[b.Content]) && IsSame(a.ClickId, this[b.ClickId]) && IsSame(a.Network, this[b.Network]);
    }

    /// <summary>The channel of a session; without a source it is Direct.</summary>
    public ReadOnlySpan<byte> ChannelOf(short source) => source < 0 ? "Direct"u8 : this[Sources[source].Channel];
}
