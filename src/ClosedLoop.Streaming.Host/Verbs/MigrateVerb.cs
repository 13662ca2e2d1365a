using System.CommandLine;
using ClosedLoop.Streaming.Host.Settings;
using ClosedLoop.Streaming.Host.Verbs.Migrations;

namespace ClosedLoop.Streaming.Host.Verbs;

/// <summary><c>closedloop migrate</c>: an embedded system becomes a distributed one, or the other way round, while both are stopped.</summary>
internal static class MigrateVerb
{
    private const string Embedded = "embedded:";

    public static Command Command()
    {
        var from = new Option<string?>("--from") { Description = "embedded:FOLDER, the data folder to move from; the settings name Kafka, Redis and ClickHouse to move to." };
        var to = new Option<string?>("--to") { Description = "embedded:FOLDER, the data folder to move to; the settings name Kafka, Redis and ClickHouse to move from." };
        var command = new Command("migrate", "Copies log, states, bookkeeping and warehouse between the embedded and the distributed form; both must be stopped. Goes on where it was cut off, and compares both at the end.") { from, to };
        SettingFlags.AddTo(command);
        command.SetAction((parsed, cancel) => SystemClient.GuardAsync(() => RunAsync(parsed, parsed.GetValue(from), parsed.GetValue(to), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string? from, string? to, CancellationToken cancel)
    {
        using var stop = new StopSignals(cancel);
        if ((from is null) == (to is null) || !(from ?? to)!.StartsWith(Embedded, StringComparison.Ordinal))
            throw new VerbException("migrate takes one of --from embedded:FOLDER and --to embedded:FOLDER; the other side is what the settings name.");
        var distributed = HostSettings.Read([], SettingFlags.Read(parsed));
        var embedded = HostSettings.Read([], new Dictionary<string, string?>
        {
            ["CLOSEDLOOP_DATA"] = (from ?? to)![Embedded.Length..], ["CLOSEDLOOP_KAFKA"] = "", ["CLOSEDLOOP_REDIS"] = "", ["CLOSEDLOOP_CLICKHOUSE_URL"] = "",
            ["CLOSEDLOOP_DURABILITY"] = "disk",
        });
        if (distributed.Mistakes.Concat(embedded.Mistakes).Distinct().ToList() is { Count: > 0 } mistakes) return CheckConfigVerb.Tell(mistakes);
        if (!distributed.UsesKafka || !distributed.UsesRedis || distributed.EmbedsWarehouse)
            throw new VerbException("migrate moves between the embedded form and the distributed one: set CLOSEDLOOP_KAFKA, CLOSEDLOOP_REDIS and CLOSEDLOOP_CLICKHOUSE_URL, all three.");
        // A partition is where a person's history lies: another number would send people to other ones.
        if (to is not null) embedded.Log.Partitions = distributed.Kafka.Partitions;
        else if (embedded.Log.Partitions != distributed.Kafka.Partitions)
            throw new VerbException($"The embedded log has {embedded.Log.Partitions} partitions and ClosedLoop__Kafka__Partitions says {distributed.Kafka.Partitions}; people stay in their partition, so set it to {embedded.Log.Partitions}.");
        try
        {
            await StartChecks.RunAsync(distributed, stop.Token);
            MigrationKeys.Carry(embedded, distributed, from is not null);
            await using var migration = from is not null
                ? await Migration.OpenAsync(embedded, distributed, stop.Token) : await Migration.OpenAsync(distributed, embedded, stop.Token);
            return await migration.RunAsync(stop.Token);
        }
        catch (Exception e) when (e is not (VerbException or OperationCanceledException) && StartMistake.Explain(e, distributed) is { } message)
        {
            throw new VerbException(message);
        }
    }
}
