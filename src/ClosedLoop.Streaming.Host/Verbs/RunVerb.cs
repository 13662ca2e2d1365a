using System.CommandLine;
using ClosedLoop.Streaming.Host.Settings;

namespace ClosedLoop.Streaming.Host.Verbs;

/// <summary><c>closedloop run</c>: the whole system in one process, until Ctrl-C or SIGTERM.</summary>
internal static class RunVerb
{
    private static readonly Option<string[]> Roles = new("--role")
    {
        Description = "Which parts run: collector, processor, webhooks, warehouse, dashboard; several by commas or repeated, all when left out.",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Command()
    {
        var command = new Command("run", "Runs the system in the foreground (the default).") { Roles };
        SettingFlags.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(parsed, parsed.GetValue(Roles) ?? [], cancel));
        return command;
    }

    public static void MakeDefault(RootCommand root) => root.SetAction((parsed, cancel) => RunAsync(parsed, [], cancel));

    private static async Task<int> RunAsync(ParseResult parsed, string[] roles, CancellationToken cancel)
    {
        using var stop = new StopSignals(cancel);
        var settings = HostSettings.Read(roles, SettingFlags.Read(parsed));
        if (settings.Mistakes.Count > 0) return CheckConfigVerb.Tell(settings.Mistakes);
        try
        {
            await using var system = await RunningSystem.StartAsync(settings, stop.Token);
            Greeting.Print(settings, Console.Out);
            await system.WaitAsync();
            return Environment.ExitCode;
        }
        // Stopped while it started: nothing was promised to anybody yet.
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return Environment.ExitCode;
        }
        catch (Exception e) when (StartMistake.Explain(e, settings) is { } message)
        {
            await Console.Error.WriteLineAsync(message);
            return 1;
        }
    }
}
