using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Settings;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>
/// The messenger's life: open the bookkeeping, take up what waits, follow the settings, read all partitions of facts; at the end begin
/// nothing new, cut off what is under way, and write everything down.
/// </summary>
internal sealed class WebhooksRole(
    ILog log, ISettings settings, Keyring keyring, IDeliveryStore store, Lanes lanes, LaneContext with, Bookkeeper books,
    WebhooksTelemetry telemetry) : BackgroundService
{
    /// <summary>How long a stop waits for requests under way.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        telemetry.Watch(() => with.Load.Open);
        await store.OpenAsync(stoppingToken).ConfigureAwait(false);
        var partitions = await books.OpenAsync(stoppingToken).ConfigureAwait(false);
        lanes.Restore(store);
        settings.Changed += lanes.Apply;
        try
        {
            lanes.Apply(settings.Current);
            var loops = partitions
                .Select((progress, i) => new FactReader(settings, lanes, with, keyring).RunAsync(log, i, progress, books, stoppingToken))
                .Append(books.RunAsync(stoppingToken));
            // The first to fail ends the role: a partition that isn't read must not go unnoticed.
            await (await Task.WhenAny(loops).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        finally
        {
            settings.Changed -= lanes.Apply;
            await CloseAsync().ConfigureAwait(false);
        }
    }

    private async Task CloseAsync()
    {
        lanes.Stop();
        await WaitForEndings().ConfigureAwait(false);
        with.CutOff();
        await WaitForEndings().ConfigureAwait(false);
        await books.FlushAsync(everything: true).ConfigureAwait(false);
    }

    private async Task WaitForEndings()
    {
        // The process's own end is about real time, whatever clock the schedule follows.
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        while (lanes.All.Any(lane => lane.State().UnderWay > 0) && clock.GetElapsedTime(began) < Grace)
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock).ConfigureAwait(false);
    }
}
