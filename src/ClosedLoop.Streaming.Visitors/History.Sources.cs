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

    /// <summary>The channel of a session; without a source it is Direct.</summary>
    public ReadOnlySpan<byte> ChannelOf(short source) => source < 0 ? "Direct"u8 : this[Sources[source].Channel];
}
