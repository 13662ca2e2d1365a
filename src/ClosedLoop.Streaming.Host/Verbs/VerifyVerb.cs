using System.CommandLine;
using System.Text.Json;

namespace ClosedLoop.Streaming.Host.Verbs;

/// <summary><c>closedloop verify</c>: asks the running system whether everything that it received can be accounted for.</summary>
internal static class VerifyVerb
{
    public static Command Command()
    {
        var url = SystemClient.UrlOption();
        var command = new Command("verify", "Proves that every received hit is stored, refused, counted or on its way.") { url };
        command.SetAction((parsed, cancel) => SystemClient.GuardAsync(() => RunAsync(parsed.GetValue(url), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(string? url, CancellationToken cancel)
    {
        using var system = SystemClient.Open(url);
        var result = (await system.GetAsync("/v1/verify", cancel)).Deserialize<VerificationResult>(VerificationRoute.Snake)!;
        void Line(string name, long? value) => Console.Out.WriteLine($"  {name,-24}{value,14:#,0}");
        Line("received", result.Received);
        Line("= stored", result.Stored);
        Line("+ duplicates", result.Duplicates);
        Line("+ refused", result.Refused);
        Line("+ totals_only", result.TotalsOnly);
        Line("+ erased", result.Erased);
        Line("+ expired", result.Expired);
        Line("+ in_flight", result.InFlight);
        Line("difference", result.Difference);
        Line("events in warehouse", result.WarehouseEvents);
        Line("refused in warehouse", result.WarehouseRefused);
        foreach (var wrong in result.Wrong) await Console.Error.WriteLineAsync(wrong);
        if (result.AddsUp) Console.Out.WriteLine("It adds up.");
        return result.AddsUp ? 0 : 1;
    }
}
