namespace ClosedLoop.Streaming.Visitors;

public sealed partial class History
{
    /// <summary>The index of a source in <see cref="Sources"/>; equal sources have one index.</summary>
    public short SourceOf(scoped in ResolvedSource source)
    {
        var known = Sources.Find(source);
        if (known >= 0) return (short)known;
        if (Sources.Count == Limits.SourcesMax)
        {
            Capped = true;
            return (short)(Limits.SourcesMax - 1);
        }
        Sources.AddLast();
        return (short)(Sources.Count - 1);
    }

    private bool IsSame(TextRef known, ReadOnlySpan<byte> text) => this[known].SequenceEqual(Utf8Cut.To(text, Limits.TextBytesMax));

    /// <summary>Whether two sources name one campaign: a reload, or the same address without its referrer, is no new one (FIELD.md §7).</summary>
    private bool IsSameCampaign(short one, short other)
    {
        if (one == other) return true;
        if (one < 0 || other < 0) return false;
        var (a, b) = (Sources[one], Sources[other]);
        return IsSame(a.Source, this[b.Source]) && IsSame(a.Medium, this[b.Medium]) && IsSame(a.Campaign, this[b.Campaign])
            && IsSame(a.Term, this[b.Term]) && IsSame(a.Content, this[b.Content]) && IsSame(a.ClickId, this[b.ClickId]) && IsSame(a.Network, this[b.Network]);
    }

    /// <summary>The channel of a session; without a source it is Direct.</summary>
    public ReadOnlySpan<byte> ChannelOf(short source) => source < 0 ? "Direct"u8 : Sources.TextOf(source, 0);
}
