using ClosedLoop.Streaming.Processor;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Whether live states can be read here: while they are being loaded a half of them would look like all.</summary>
internal sealed class LiveStates(IStateReader states, ProcessorService? processor = null)
{
    /// <summary>True when processors share one store, so that this one may have some of the partitions only.</summary>
    public bool IsShared => states is not ShelfReader;

    /// <exception cref="ApiException">One person can't be read now; says why.</exception>
    public void MustBeReady()
    {
        if (states.Unavailable is { } reason) throw new ApiException(ApiRefusal.Unavailable, reason);
    }

    /// <exception cref="ApiException">Not everybody is in this process, or not yet.</exception>
    public void MustHaveEverybody()
    {
        if (!IsShared && processor?.IsReady == true) return;
        throw new ApiException(ApiRefusal.Unavailable, processor is null || IsShared
            ? "This looks at everybody's live state, and those are spread over the processors; the warehouse's view segment_members says who is where."
            : "The states are still being loaded. Try again in a moment.");
    }
}
