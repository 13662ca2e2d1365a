using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>
/// States the costs of all stored links once after the start: whoever fell between a changed link and its cost is caught up with, and a
/// statement that is known already tells nothing.
/// </summary>
internal sealed class LinkCosts(SettingsStore settings, CostLog log, TimeProvider time, ILogger<LinkCosts> logger) : BackgroundService
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var link in settings.Current.Links.Values.Where(l => l.CostDate is not null))
                    if (!await log.StateAsync(link)) LinkCostsLog.WithoutRate(logger, link.Slug, link.CostCurrency ?? "", link.CostDate ?? "");
                return;
            }
            catch (LogUnavailableException) { await Task.Delay(TryAgain, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); }
        }
    }
}

internal static partial class LinkCostsLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The cost of link {Slug} is left out: there is no rate for {Currency} on {Date}.")]
    public static partial void WithoutRate(ILogger logger, string slug, string currency, string date);
}
