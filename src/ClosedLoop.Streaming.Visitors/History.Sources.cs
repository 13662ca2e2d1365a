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

    /// <summary>Whether two sources name one campaign: a reload, or the same address without its referrer, is no new one (FIELD.md §7).</summary>
    private bool IsSameCampaign(short one, short other) =>
        one == other || one >= 0 && other >= 0 && SourceList.IsSameCampaign(Sources.Raw(one), Sources.Raw(other));

    /// <summary>The channel of a session; without a source it is Direct.</summary>
    public ReadOnlySpan<byte> ChannelOf(short source) => source < 0 ? "Direct"u8 : Sources.TextOf(source, 0);
}
