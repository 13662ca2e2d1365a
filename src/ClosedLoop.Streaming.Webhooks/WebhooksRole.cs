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

    private PartitionProgress[] _partitions = [];

    /// <summary>When this has completed, endpoints can be looked at and tested.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        telemetry.Watch(() => with.Load.Open);
        await store.OpenAsync(cancellationToken).ConfigureAwait(false);
        _partitions = await books.OpenAsync(cancellationToken).ConfigureAwait(false);
        lanes.Restore(store);
        // A fact that is read before the endpoints are known would be passed over.
        if (settings is SettingsStore all) await all.LoadAsync(cancellationToken).ConfigureAwait(false);
        settings.Changed += lanes.Apply;
        lanes.Apply(settings.Current);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var loops = _partitions
                .Select((progress, i) => new FactReader(lanes, with, keyring).RunAsync(log, i, progress, books, stoppingToken))
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
