using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Streaming.Host.Verbs.Demo;

namespace ClosedLoop.Streaming.Host.Verbs;

/// <summary><c>closedloop demo</c>: generated traffic with planted effects, sent through the public doors, and the reports held against what was planted.</summary>
internal static class DemoVerb
{
    private static readonly Option<int> Visitors = new("--visitors") { Description = $"People to plan, 1–{DemoPlan.VisitorsMax}.", DefaultValueFactory = _ => 500 };
    private static readonly Option<int> Days = new("--days") { Description = $"Days of history, 1–{DemoPlan.DaysMax}.", DefaultValueFactory = _ => 30 };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "The same seed plans the same traffic.", DefaultValueFactory = _ => 1 };
    private static readonly Option<string?> Truth = new("--truth") { Description = "File for the planted truth, as JSON." };
    private static readonly Option<string> Site = new("--site") { Description = "Site to send to.", DefaultValueFactory = _ => FirstSteps.DefaultSite };

    public static Command Command()
    {
        var url = SystemClient.UrlOption();
        var command = new Command("demo", "Sends generated traffic with planted effects and compares the reports with the truth.") { Visitors, Days, Seed, Truth, Site, url };
        command.SetAction((parsed, cancel) => SystemClient.GuardAsync(() => RunAsync(parsed, parsed.GetValue(url), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string? url, CancellationToken cancel)
    {
        var (visitors, days, seed, site) = (parsed.GetValue(Visitors), parsed.GetValue(Days), parsed.GetValue(Seed), parsed.GetValue(Site)!);
        if (visitors is < 1 or > DemoPlan.VisitorsMax) throw new VerbException($"--visitors is {visitors}; allowed are 1 to {DemoPlan.VisitorsMax}.");
        if (days is < 1 or > DemoPlan.DaysMax) throw new VerbException($"--days is {days}; allowed are 1 to {DemoPlan.DaysMax}.");
        using var system = SystemClient.Open(url);
        var now = TimeProvider.System.GetUtcNow();
        var plan = new DemoPlan(visitors, days, seed, now);
        var traffic = new DemoTraffic(plan, site, seed);
        var truth = new DemoTruth(plan, now);
        await SettleAsync(system, cancel);
        var before = await DemoComparison.ReadAsync(system, site, now.AddDays(-days - 3), cancel);
        var stored = await StoredAsync(system, cancel);
        if (parsed.GetValue(Truth) is { } file) await File.WriteAllTextAsync(file, truth.Json(plan, traffic).ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n", cancel);

        var sender = new DemoSender(system, site);
        await sender.SendEventsAsync(traffic.Events, done => Progress(done, traffic.Events.Count), cancel);
        await SettleAsync(system, cancel);
        Console.Out.WriteLine($"Sent {traffic.Events.Count:#,0} events of {visitors:#,0} people over {days} days to {system.Url}: {sender.Accepted:#,0} accepted, "
            + $"{sender.Duplicates:#,0} repeated ones known at the door, {sender.Refused:#,0} refused (planted: {traffic.Wrong:#,0}).");
        if (await StoredAsync(system, cancel) == stored)
        {
            Console.Out.WriteLine("This traffic was here already (the same seed): nothing new was added, and there is nothing to compare.");
            return 0;
        }
        await sender.SendCostsAsync(plan, cancel);
        await sender.SendLiveAsync(plan, traffic.Bots, cancel);
        await SettleAsync(system, cancel);
        var after = await DemoComparison.ReadAsync(system, site, now.AddDays(-days - 3), cancel);
        var wrong = after.Print(truth, before, Console.Out);
        if (sender.Refused != traffic.Wrong) wrong++;
        Console.Out.WriteLine(wrong == 0 ? "\nEvery figure is the planted one." : $"\n{wrong} figures differ (planted≠reported).");
        return wrong == 0 ? 0 : 1;
    }

    /// <summary>Waits until nothing is on its way any more; verify itself waits for the warehouse.</summary>
    private static async Task SettleAsync(SystemClient system, CancellationToken cancel)
    {
        for (var i = 0; i < 600; i++)
        {
            var result = await system.GetAsync("/v1/verify", cancel);
            if (result.GetProperty("in_flight").GetInt64() == 0 && result.GetProperty("wrong").GetArrayLength() == 0) break;
            await Task.Delay(200, cancel);
        }
        // Members are counted freshly about once a second.
        await Task.Delay(1500, cancel);
    }

    private static async Task<long> StoredAsync(SystemClient system, CancellationToken cancel) =>
        (await system.GetAsync("/v1/verify", cancel)).GetProperty("stored").GetInt64();

    private static void Progress(int done, int of)
    {
        if (!Console.IsErrorRedirected) Console.Error.Write($"\r{done:#,0} of {of:#,0} events{(done == of ? "\n" : "")}");
    }
}
