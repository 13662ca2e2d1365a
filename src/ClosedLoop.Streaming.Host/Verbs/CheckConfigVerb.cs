using System.CommandLine;
using ClosedLoop.Streaming.Host.Settings;

namespace ClosedLoop.Streaming.Host.Verbs;

/// <summary><c>closedloop check-config</c>: reads the settings as <c>run</c> would and tells every mistake, without starting anything.</summary>
internal static class CheckConfigVerb
{
    private const int MistakeExitCode = 78; // EX_CONFIG

    public static Command Command()
    {
        var command = new Command("check-config", "Checks the settings and says all that is wrong with them.");
        SettingFlags.AddTo(command);
        command.SetAction(parsed =>
        {
            var settings = HostSettings.Read([], SettingFlags.Read(parsed));
            if (settings.Mistakes.Count > 0) return Tell(settings.Mistakes);
            Console.Out.WriteLine("The settings are in order.");
            return 0;
        });
        return command;
    }

    public static int Tell(IReadOnlyList<string> mistakes)
    {
        Console.Error.WriteLine($"The settings have {mistakes.Count} mistake{(mistakes.Count == 1 ? "" : "s")}; nothing was started:");
        foreach (var mistake in mistakes) Console.Error.WriteLine("  - " + mistake);
        Console.Error.WriteLine("Settings come from appsettings.json beside the program, then environment variables (ClosedLoop__Room__Setting), then flags.");
        return MistakeExitCode;
    }
}
