using System.CommandLine;
using ClosedLoop.Streaming.Host.Settings;
using ClosedLoop.Streaming.Host.Verbs.Replays;

namespace ClosedLoop.Streaming.Host.Verbs;

/// <summary><c>closedloop replay</c>: states and warehouse built anew from the log, while the system is stopped. Sends no webhook.</summary>
internal static class ReplayVerb
{
    public static Command Command()
    {
        var command = new Command("replay", "Builds states and warehouse anew from the base snapshot and the log; the system must be stopped. Sends no webhook.");
        command.SetAction((_, cancel) => SystemClient.GuardAsync(() => RunAsync(cancel)));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancel)
    {
        var settings = HostSettings.Read([]);
        if (settings.Mistakes.Count > 0) return CheckConfigVerb.Tell(settings.Mistakes);
        if (settings.UsesKafka || settings.UsesRedis) throw new VerbException("replay builds the embedded form anew; unset CLOSEDLOOP_KAFKA and CLOSEDLOOP_REDIS.");
        if (!File.Exists(settings.Log.Path)) throw new VerbException($"There is no log at {settings.Log.Path}. Set CLOSEDLOOP_DATA to the folder of the system.");
        try
        {
            await using var replay = await Replay.OpenAsync(settings, cancel);
            return await replay.RunAsync(cancel);
        }
        catch (Exception e) when (e is not (VerbException or OperationCanceledException) && StartMistake.Explain(e, settings) is { } message)
        {
            throw new VerbException(message);
        }
    }
}
