using System.Text.Json.Nodes;
using ClosedLoop.Streaming.Host.Settings;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Host;

/// <summary>
/// What has to be true before anything works: settings are read, a new installation has its site and segments, and every partition
/// has been told the rules. Afterwards follows the settings and publishes what changes.
/// </summary>
internal sealed class FirstSteps(SettingsStore settings, Keyring keyring, HostSettings host, TimeProvider time, ILogger<FirstSteps> logger,
    RulesPublisher? publisher = null) : BackgroundService
{
    public const string DefaultSite = "demo";

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await settings.LoadAsync(cancellationToken);
        if (!IsOfThisInstallation(keyring, settings.Current))
            throw new StartException("The master key is not the one of this installation: it does not open the keys of its sites. Set CLOSEDLOOP_MASTER_KEY to the key "
                + "that the first process had (the file master.key of its data folder).");
        if (host.Has("dashboard"))
        {
            // Only this role writes settings; the others wait for its first ones (Readiness).
            await settings.UpdateAsync(now => now.Sites.Count > 0 ? null
                : new SettingsChange { Site = SiteKeys.WithNewKeys(new Site { Id = DefaultSite }, keyring) }, cancellationToken);
            await settings.UpdateAsync(now => now.SegmentsVersion > 0 ? null : new SettingsChange { Segments = Defaults() }, cancellationToken);
            await publisher!.PublishAsync(cancellationToken);
        }
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await settings.FollowAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (LogUnavailableException e)
            {
                FirstStepsLog.CannotFollow(logger, e.Reason);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>With another key cookies, links and identifiers would silently be other people's.</summary>
    private static bool IsOfThisInstallation(Keyring keyring, SettingsSnapshot now)
    {
        if (now.Sites.Values.FirstOrDefault(site => site.WriteKeySealed.Length > 0) is not { } site) return true;
        try { return keyring.Open(site.WriteKeySealed).Length > 0; }
        catch (System.Security.Cryptography.CryptographicException) { return false; }
    }

    /// <summary>The editable file beside the program; the copy inside it when the file is gone.</summary>
    private List<SegmentSetting> Defaults()
    {
        var definitions = DefaultSegments.Definitions;
        var file = Path.Combine(AppContext.BaseDirectory, DefaultSegments.FileName);
        if (File.Exists(file))
        {
            if (!SegmentFile.TryParse(File.ReadAllBytes(file), out definitions, out var mistakes))
                throw new StartException($"{file} has mistakes; correct them, or delete the file to use the built-in segments:\n  " + string.Join("\n  ", mistakes));
        }
        return [.. definitions.Select(d => new SegmentSetting
        {
            Name = d.Name, Rule = d.Rule, Group = d.Group, Order = d.Order, Notify = d.Notify, Version = 1,
            Action = d.ActionJson is null ? null : JsonNode.Parse(d.ActionJson), UpdatedMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
        })];
    }
}

internal static partial class FirstStepsLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The settings' log cannot be read now: {Reason}. Trying again.")]
    public static partial void CannotFollow(ILogger logger, string reason);
}
