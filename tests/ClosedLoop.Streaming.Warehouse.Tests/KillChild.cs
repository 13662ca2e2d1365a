using System.Text.Json;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Warehouse.Chdb;
using ClosedLoop.Streaming.Warehouse.Sink;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>The process that the kill test kills: the real log, the real sink and the real engine over one folder.</summary>
public sealed class KillChild
{
    private const string FolderVariable = "CLOSEDLOOP_WAREHOUSE_CHILD";
    private const string FeedVariable = "CLOSEDLOOP_WAREHOUSE_CHILD_FEED";
    // Far more than a life lasts; a bound all the same.
    private const int FactsMax = 2_000_000;
    private const int LagMax = 600;

    public const int Partitions = 4;

    public static bool IsChild => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 };

    public static Dictionary<string, string?> Variables(string folder, bool feed) => new() { [FolderVariable] = folder, [FeedVariable] = feed ? "1" : "0" };

    /// <summary>Feeding: appends facts where the log ended, without end, while the sink brings them in. Else: brings in what is left, counts and says what is there.</summary>
    [Fact(Explicit = true)]
    public async Task Run()
    {
        Assert.SkipUnless(IsChild, "runs as a child of the kill test only");
        var folder = Environment.GetEnvironmentVariable(FolderVariable)!;
        var feed = Environment.GetEnvironmentVariable(FeedVariable) == "1";
        using var file = new EmbeddedFile(
            new EmbeddedLogOptions { Path = Path.Combine(folder, "closedloop.db"), Durability = Durability.PageCache }, TimeProvider.System, NullLogger<EmbeddedFile>.Instance);
        var log = new EmbeddedLog(file);
        var options = new WarehouseOptions
        {
            Folder = Path.Combine(folder, "warehouse"), Synced = false, BatchRowsMax = 500,
            BatchAgeMax = TimeSpan.FromMilliseconds(50), BatchIdleMax = TimeSpan.FromMilliseconds(10), RetryDelayMax = TimeSpan.FromMilliseconds(50),
        };
        await using var warehouse = new ChdbWarehouse(options);
        using var telemetry = new WarehouseTelemetry();
        using var sink = new WarehouseSink(log, warehouse, new EmbeddedRoundBook(file), options, TimeProvider.System, telemetry, NullLogger.Instance);
        if (await IsRoundOpenAsync(log, file)) Say("round open");
        await sink.StartAsync(default);
        while (!sink.IsReady) await Task.Delay(1);
        Say("ready");
        if (feed) await FeedAsync(log, sink);
        while (sink.LagFacts > 0) await Task.Delay(5);
        await sink.StopAsync(default);
        Say("facts " + string.Join(',', Enumerable.Range(0, Partitions).Select(partition => log.EndOffset(Topic.Facts, partition))));
        Say("counted " + JsonSerializer.Serialize(await CountAsync(warehouse)));
    }

    private static async Task<bool> IsRoundOpenAsync(EmbeddedLog log, EmbeddedFile file)
    {
        var (_, last) = await new EmbeddedRoundBook(file).OpenAsync(default);
        for (var partition = 0; last is not null && partition < Partitions; partition++)
            if (last.Ranges[partition].To > await log.PositionAsync(WarehouseSink.ReaderName, Topic.Facts, partition, default)) return true;
        return false;
    }

    /// <summary>Fact number k of a partition is a function of both, so the log's ends say which facts there are.</summary>
    private static async Task FeedAsync(EmbeddedLog log, WarehouseSink sink)
    {
        var next = Enumerable.Range(0, Partitions).Select(partition => log.EndOffset(Topic.Facts, partition)).ToArray();
        for (var fed = 0; fed < FactsMax; fed += 40)
        {
            var pending = new List<Task>();
            for (var i = 0; i < 40; i++) pending.Add(log.AppendAsync(Topic.Facts, i % Partitions, FactOf((int)(next[i % Partitions]++ * Partitions + i % Partitions))));
            await Task.WhenAll(pending);
            // Always something under way, never a backlog that the last life has to work off.
            while (sink.LagFacts > LagMax) await Task.Delay(1);
        }
    }

    /// <summary>Four tables and an erasure, two months; some sessions come again, as a second version that starts in the month before.</summary>
    internal static byte[] FactOf(int i)
    {
        var october = i % 2 == 0;
        var time = Facts.Start + (october ? 0 : 20L * 86_400_000) + i;
        return (i / 4 % 9) switch
        {
            0 or 1 or 2 or 3 => Facts.Event("e" + i, time, "visitor" + i % 100),
            4 or 5 => Facts.Session("s" + i, time, "visitor" + i % 100, 1, i % 5 + 1),
            6 => Facts.Session("s" + (i - 8), Facts.Start + i - 8, "visitor" + (i - 8) % 100, 2, 100),
            7 => Facts.Fact(RecordKind.SegmentChanged, "g" + i, time, "vvisitor" + i % 100, w => w.Add(Field.Segment, "warm").Add(Field.Change, "entered").Add(Field.CauseMs, time).Add(Field.Sequence, i)),
            _ => i / 36 % 50 == 7
                ? Facts.Fact(RecordKind.PersonErased, "p" + i, time, "vvisitor1", w => w.Add(Field.VisitorId, "visitor1"))
                : Facts.Fact(RecordKind.CreditPosted, "c" + i, time, "vvisitor" + i % 100, w => w.Add(Field.Model, "linear").Add(Field.Amount, 10_000L).Add(Field.PostedMs, time)),
        };
    }

    private static async Task<Dictionary<string, string>> CountAsync(IWarehouse warehouse)
    {
        var counts = new Dictionary<string, string>();
        async Task Count(string name, string sql) => counts[name] = await warehouse.ValueAsync(new WarehouseQuery(sql), default);
        await Count("events", "SELECT count(), uniqExact(hit_id), uniqExact(log_partition, log_offset) FROM events");
        // First versions may have been merged away by the second ones of their month; those can be counted for sure.
        await Count("sessions", "SELECT count(), uniqExact(fact_id) FROM sessions WHERE version = 2");
        await Count("sessions_doubled", "SELECT count() FROM (SELECT fact_id FROM sessions FINAL GROUP BY fact_id HAVING count() > 1)");
        await Count("sessions_current", "SELECT count(), countIf(version = 2), sum(page_views) FROM sessions_current");
        foreach (var table in new[] { "segment_changes", "credits", "erasures" })
            await Count(table, $"SELECT count(), uniqExact(fact_id) FROM {table}");
        await Count("unreadable_facts", "SELECT count() FROM unreadable_facts");
        return counts;
    }

    private static void Say(string text)
    {
        Console.Out.WriteLine("child: " + text);
        Console.Out.Flush();
    }
}
