using System.Text.Json;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>An embedded system moves to broker, Redis and ClickHouse, works there, and moves back; at every stop it says the same.</summary>
public sealed class MigrateTests(ServedEngine engine) : IDisposable
{
    private const int People = 15;
    private static readonly TimeSpan MigrateMax = TimeSpan.FromMinutes(4);

    private readonly string _home = Directory.CreateTempSubdirectory("closedloop-home-").FullName;
    private readonly string _away = Directory.CreateTempSubdirectory("closedloop-away-").FullName;
    private readonly string _back = Directory.CreateTempSubdirectory("closedloop-back-").FullName;

    public void Dispose()
    {
        foreach (var folder in new[] { _home, _away, _back }) Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task There_and_back_everything_is_the_same()
    {
        await using var cluster = await Cluster.StartAsync(engine);
        await engine.EmptyAsync();
        string[] before;
        await using (var program = await RunningProgram.StartAsync(_home))
        {
            // A messenger with something that waits: nobody listens at this address.
            await program.DoAsync(HttpMethod.Post, "/v1/webhooks", $$"""{"url":"http://127.0.0.1:{{Ports.Free()}}/","events":["segment.entered"]}""");
            await SendAsync(program, 0);
            await program.SettleAsync();
            before = await SaysAsync(program);
            Assert.Equal(0, await program.StopAsync());
        }
        var master = (await File.ReadAllTextAsync(Path.Combine(_home, "master.key"))).Trim();
        (string, string)[] settings = [.. cluster.Settings.Where(s => s.Name != "CLOSEDLOOP_MASTER_KEY"), ("CLOSEDLOOP_MASTER_KEY", master)];

        await CutOffAsync(settings);
        await MigrateAsync(settings, "--from", "embedded:" + _home);
        // Again: all of it is found there, and nothing is added.
        var again = await RunAsync(settings, "--from", "embedded:" + _home);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("a migration begins with empty parts", again.Error, StringComparison.Ordinal);

        string[] there;
        await using (var program = await RunningProgram.StartAsync(_away, "replicated", settings))
        {
            Assert.Equal(before, await SaysAsync(program));
            await SendAsync(program, 1);
            await program.SettleAsync();
            there = await SaysAsync(program);
            Assert.NotEqual(before, there);
            Assert.Equal(0, await program.StopAsync());
        }
        await MigrateAsync(settings, "--to", "embedded:" + _back);
        await using var returned = await RunningProgram.StartAsync(_back);
        Assert.Equal(there, await SaysAsync(returned));
        await returned.VerifyAsync();
    }

    /// <summary>kill -9 once something has been copied; nothing starts from there until the migration went on and finished.</summary>
    private async Task CutOffAsync((string Name, string Value)[] more)
    {
        var settings = RunningProgram.Settings(_away);
        foreach (var (name, value) in more) settings[name] = value;
        using (var child = ChildProgram.Start(_away, settings, "migrate", "--from", "embedded:" + _home))
        {
            await Soon.BeTrueAsync(() => child.Out.Contains("hits 1", StringComparison.Ordinal), () => $"the log's second partition: {child.Out}\n{child.Error}", everyMs: 1);
            child.Kill();
        }
        using var early = ChildProgram.Start(_away, settings, "run");
        var said = await early.EndAsync(MigrateMax);
        Assert.Equal(1, said.ExitCode);
        Assert.Contains("closedloop migrate", said.Error, StringComparison.Ordinal);
    }

    private async Task MigrateAsync((string Name, string Value)[] settings, params string[] arguments)
    {
        var done = await RunAsync(settings, arguments);
        Assert.True(done.ExitCode == 0 && done.Out.Contains("Everything is there", StringComparison.Ordinal), done.ToString());
        Assert.DoesNotContain("differ", done.Out, StringComparison.Ordinal);
    }

    private async Task<VerbResult> RunAsync((string Name, string Value)[] more, params string[] arguments)
    {
        var settings = RunningProgram.Settings(_away);
        foreach (var (name, value) in more) settings[name] = value;
        using var child = ChildProgram.Start(_away, settings, ["migrate", .. arguments]);
        return await child.EndAsync(MigrateMax);
    }

    private static async Task SendAsync(RunningProgram program, int round)
    {
        for (var i = 0; i < People * 4; i++)
            await program.DoAsync(HttpMethod.Post, "/v1/events", $$"""{"event":"page_view","event_id":"m{{round}}-{{i}}","site":"demo","visitor_id":"mover{{i % People}}","url":"https://shop.example/{{i}}?utm_source=news&utm_medium=email"}""");
        for (var i = 0; i < 4; i++)
        {
            await program.DoAsync(HttpMethod.Post, "/v1/events", $$"""{"event":"identify","event_id":"i{{round}}-{{i}}","site":"demo","visitor_id":"mover{{i}}","lead":{"email":"mover{{i}}@b.example"} }""");
            await program.DoAsync(HttpMethod.Post, "/v1/events", $$"""{"event":"purchase","event_id":"p{{round}}-{{i}}","site":"demo","visitor_id":"mover{{i}}","lead":{"email":"mover{{i}}@b.example"},"properties":{"order_id":"O-{{round}}-{{i}}","revenue":10.5,"currency":"EUR"} }""");
        }
    }

    /// <summary>Everybody's live state and the report, without the moments at which they were asked for.</summary>
    private static async Task<string[]> SaysAsync(RunningProgram program)
    {
        var said = new List<string>();
        for (var i = 0; i < People; i++)
            said.Add(((JsonElement)await Soon.FindAsync(async () => (object?)await program.FindAsync($"/v1/visitors/mover{i}?site=demo"), () => $"mover{i}")).ToString());
        var report = JsonDocument.Parse("{}").RootElement;
        await Soon.BeTrueAsync(async () =>
        {
            (var status, report) = await program.SendAsync(HttpMethod.Get, "/v1/reports/channels?site=demo&from=2026-01-01&to=2030-12-31&model=last_touch");
            return status == 200;
        }, () => "the report");
        return [.. said, report.GetProperty("rows").ToString()];
    }
}
