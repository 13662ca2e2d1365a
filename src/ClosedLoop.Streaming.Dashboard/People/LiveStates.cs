using ClosedLoop.Streaming.Processor;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Whether the states of this process can be read: while they are being loaded a half of them would look like all.</summary>
internal sealed class LiveStates(ProcessorService processor)
{
    /// <exception cref="ApiException">They are still being loaded.</exception>
    public void MustBeReady()
    {
        if (!processor.IsReady) throw new ApiException(ApiRefusal.Unavailable, "The states are still being loaded. Try again in a moment.");
    }
}
