using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Warehouse;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>
/// Runs markov and shapley over the last days of every site: each hour for what has no credit yet, once a day for everything. A run that
/// finds nothing new leaves no trace.
/// </summary>
internal sealed class RunSchedule(SettingsStore settings, CreditRunner runner, DashboardOptions options, TimeProvider time, ILogger<RunSchedule> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.CreditRunMinutes == 0) return;
        var pause = TimeSpan.FromMinutes(options.CreditRunMinutes);
        // Not at once: a system that has just been started has its own tail to work on first.
        var next = TimeSpan.FromMinutes(Math.Min(2, options.CreditRunMinutes));
        var wholeAt = time.GetUtcNow() + TimeSpan.FromHours(options.CreditRunWholeHours);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(next, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var whole = time.GetUtcNow() >= wholeAt;
            if (whole) wholeAt += TimeSpan.FromHours(options.CreditRunWholeHours);
            foreach (var site in settings.Current.Sites.Values)
            {
                if (stoppingToken.IsCancellationRequested) return;
                await RunAsync(site, whole, stoppingToken);
            }
            next = pause;
        }
    }

    private async Task RunAsync(Site site, bool whole, CancellationToken cancel)
    {
        try
        {
            var run = await runner.RunAsync(site, RunsApi.LastDays(site, options.CreditRunDays, time.GetUtcNow()), whole, evenEmpty: false, cancel);
            if (run != Events.Id.None) RunLog.Posted(logger, site.Id, run.ToString());
        }
        catch (Exception e) when (e is ApiException or LogUnavailableException or WarehouseException)
        {
            RunLog.Postponed(logger, site.Id, e.Message);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { }
    }
}

internal static partial class RunLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Credit of site {Site} by markov and shapley was posted by run {Run}.")]
    public static partial void Posted(ILogger logger, string site, string run);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The run of markov and shapley for site {Site} waits for its next time: {Reason}")]
    public static partial void Postponed(ILogger logger, string site, string reason);
}
