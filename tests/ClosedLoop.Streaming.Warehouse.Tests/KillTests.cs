using System.Diagnostics;
using System.Text.Json;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>kill -9 at random times while facts flow in: every fact is in its table once.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task Killed_at_random_times_every_fact_is_in_once()
    {
        Assert.SkipWhen(Chdb.Missing(out var reason), reason);
        var kills = Environment.GetEnvironmentVariable("CLOSEDLOOP_TEST_LONG") == "1" ? 100 : 20;
        var seed = Environment.GetEnvironmentVariable("CLOSEDLOOP_SEED") is { Length: > 0 } given ? int.Parse(given) : Environment.ProcessId;
        var chance = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("closedloop-kill-").FullName;
        var open = 0;
        try
        {
            for (var kill = 1; kill <= kills; kill++)
            {
                // One in five dies while it starts and recovers, the others while facts flow in.
                var life = await LifeAsync(folder, feed: true, atReady: chance.Next(5) != 0, TimeSpan.FromMilliseconds(chance.Next(20, 500)));
                if (life.RoundOpen) open++;
            }
            var last = await LifeAsync(folder, feed: false, atReady: false, null);
            if (last.RoundOpen) open++;
            Assert.Equal(Expected(last.Facts!), JsonSerializer.Deserialize<Dictionary<string, string>>(last.Counted!));
            // Otherwise nothing was proven: the kills must have met rounds that were written down and not finished.
            Assert.True(open > 0, "no kill met an open round");
            TestContext.Current.SendDiagnosticMessage($"seed {seed}: {kills} kills, {open} open rounds, facts {last.Facts}");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"seed {seed}, {open} open rounds, folder kept: {folder}", e);
        }
        Directory.Delete(folder, recursive: true);
    }

    private sealed record Life(bool RoundOpen, string? Facts, string? Counted);

    /// <summary>One life of the child: killed so long after its start, or so long after it said that it is ready; or left to its end.</summary>
    private static async Task<Life> LifeAsync(string folder, bool feed, bool atReady, TimeSpan? after)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(KillTests).Assembly.GetName().Name!);
        var start = new ProcessStartInfo(program, ["-explicit", "only", "-method", $"{typeof(KillChild).FullName}.{nameof(KillChild.Run)}", "-showLiveOutput", "-noLogo"])
        {
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in KillChild.Variables(folder, feed)) start.Environment[name] = value;
        using var child = Process.Start(start)!;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Chdb.Cancel);
        if (!atReady && after is { } early) _ = KillLater(child, early, end.Token);
        var said = new List<string>();
        string? Said(string what) => said.Select(line => line.IndexOf("child: " + what, StringComparison.Ordinal) is var at and >= 0
            ? line[(at + "child: ".Length + what.Length)..].Trim() : null).FirstOrDefault(text => text is not null);
        while (await child.StandardOutput.ReadLineAsync(Chdb.Cancel) is { } line)
        {
            said.Add(line);
            if (atReady && after is { } late && line.Contains("child: ready", StringComparison.Ordinal)) _ = KillLater(child, late, end.Token);
        }
        await child.WaitForExitAsync(Chdb.Cancel);
        await end.CancelAsync();
        var life = new Life(Said("round open") is not null, Said("facts "), Said("counted "));
        // A child that failed by itself is a finding, not a kill.
        if (said.Any(line => line.Contains("[FAIL]", StringComparison.Ordinal)) || (after is null && life.Counted is null))
            throw new InvalidOperationException("the child failed:\n" + string.Join('\n', said));
        return life;
    }

    private static async Task KillLater(Process child, TimeSpan after, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(after, cancel);
            child.Kill();
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            // It ended by itself before.
        }
    }

    private static Dictionary<string, string> Expected(string ends)
    {
        var reader = new RecordReader();
        var kinds = new Dictionary<RecordKind, int>();
        var sessions = new Dictionary<Id, (long Version, long PageViews)>();
        var second = 0;
        var counts = ends.Split(',').Select(int.Parse).ToArray();
        var numbers = Enumerable.Range(0, KillChild.Partitions).SelectMany(partition => Enumerable.Range(0, counts[partition]).Select(k => k * KillChild.Partitions + partition));
        foreach (var i in numbers)
        {
            Assert.True(reader.TryRead(KillChild.FactOf(i)));
            kinds[reader.Kind] = kinds.GetValueOrDefault(reader.Kind) + 1;
            if (reader.Kind != RecordKind.SessionChanged) continue;
            var (id, version) = (reader.IdOf(Field.SessionId), reader.Int(Field.Version));
            if (version == 2) second++;
            if (!sessions.TryGetValue(id, out var known) || known.Version < version) sessions[id] = (version, reader.Int(Field.PageViews));
        }
        int Of(RecordKind kind) => kinds.GetValueOrDefault(kind);
        var (events, segments, credits, erased) = (Of(RecordKind.EventStored), Of(RecordKind.SegmentChanged), Of(RecordKind.CreditPosted), Of(RecordKind.PersonErased));
        return new Dictionary<string, string>
        {
            ["events"] = $"{events}\t{events}\t{events}",
            ["sessions"] = $"{second}\t{second}",
            ["sessions_doubled"] = "0",
            ["sessions_current"] = $"{sessions.Count}\t{sessions.Values.Count(s => s.Version == 2)}\t{sessions.Values.Sum(s => s.PageViews)}",
            ["segment_changes"] = $"{segments}\t{segments}",
            ["credits"] = $"{credits}\t{credits}",
            ["erasures"] = $"{erased}\t{erased}",
            ["unreadable_facts"] = "0",
        };
    }
}
