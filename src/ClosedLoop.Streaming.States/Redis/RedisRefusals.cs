using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.States;

/// <summary>The stable words with which Redis keeps a step from being saved. The owner gives its memory up and opens the partition again.</summary>
public static class RedisRefusals
{
    public const string AwayReason = "states_away";
    public const string FullReason = "states_full";
    public const string LostReason = "states_lost";

    internal static LogUnavailableException Late(int partition) => new(AwayReason,
        $"So much time went by since partition {partition} was saved that somebody else may be publishing it. It is opened again, and whatever is missing is published then.");

    internal static LogUnavailableException Away(Exception e) => new(AwayReason, $"Redis did not answer as it should: {e.Message}", e);

    internal static LogUnavailableException Full(Exception e) => new(FullReason,
        "Redis is full (maxmemory). Nothing of this step was saved. Give it more memory; saving goes on by itself then.", e);

    internal static LogUnavailableException Lost(int partition) => new(LostReason,
        $"Redis stands elsewhere with partition {partition} than this owner left it: it was restored from an older copy, or lost its last writes. The partition is opened again from what is there.");
}
