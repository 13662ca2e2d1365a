using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Streaming.Host.Verbs.Replays;

/// <summary>Nothing runs here that could be stopped.</summary>
internal sealed class NoLifetime : IHostApplicationLifetime
{
    public CancellationToken ApplicationStarted => default;
    public CancellationToken ApplicationStopping => default;
    public CancellationToken ApplicationStopped => default;
    public void StopApplication() { }
}
