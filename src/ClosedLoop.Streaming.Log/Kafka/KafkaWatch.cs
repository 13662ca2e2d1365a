using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Streaming.Log;

/// <summary>Looks after the broker every few seconds, for readiness and for the operator, and keeps the readers' positions from being forgotten.</summary>
internal sealed class KafkaWatch(KafkaLog log, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(2);
    // Far below the seven days after which a broker forgets a silent group.
    private static readonly TimeSpan _refreshEvery = TimeSpan.FromHours(12);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var refreshed = time.GetTimestamp();
        using var timer = new PeriodicTimer(_lookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                log.LookAfter();
                if (time.GetElapsedTime(refreshed) < _refreshEvery) continue;
                refreshed = time.GetTimestamp();
                log.RefreshPositions();
            }
        }
        catch (OperationCanceledException)
        {
            // A stop like any other.
        }
    }
}
