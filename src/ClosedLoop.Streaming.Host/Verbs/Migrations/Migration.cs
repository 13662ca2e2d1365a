using ClosedLoop.Streaming.Host.Settings;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Host.Verbs.Migrations;

/// <summary>
/// Everything of one stopped system into another: log, states, positions of the readers, the messenger's bookkeeping, rows. Each step looks at
/// what is there already; nothing of the old side is changed but a publication that a crash cut off.
/// </summary>
internal sealed class Migration : IAsyncDisposable
{
    private static readonly string[] Readers = ["webhooks", WarehouseSink.ReaderName];

    private readonly MigrationSide _from;
    private readonly MigrationSide _to;
    private readonly LogCopy _log;
    private int _wrong;

    private Migration(MigrationSide from, MigrationSide to) => (_from, _to, _log) = (from, to, new LogCopy(from.Log, to.Log));

    public static async Task<Migration> OpenAsync(HostSettings from, HostSettings to, CancellationToken cancel)
    {
        var old = await MigrationSide.OpenAsync(from, cancel);
        // Its log is there before its states are.
        to.Redis.StartFromNothing = true;
        try { return new Migration(old, await MigrationSide.OpenAsync(to, cancel)); }
        catch
        {
            await old.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _to.DisposeAsync();
        await _from.DisposeAsync();
    }

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        Console.Out.WriteLine($"From {_from.Name} to {_to.Name}.");
        var states = new StatesCopy(_from.Journal, _to.Journal, _log);
        for (var partition = 0; partition < _from.Log.Partitions; partition++) await states.SettleAsync(partition, cancel);
        await MustBeAtRestAsync(cancel);
        await BeginAsync(cancel);
        await CopyLogAsync(cancel);
        for (var partition = 0; partition < _from.Log.Partitions; partition++)
        {
            var (was, now) = await states.CopyAsync(partition, cancel);
            Compare($"states of partition {partition}", was, now);
        }
        foreach (var (table, rows) in await new BookkeepingCopy(_from.File, _to.File).CopyAsync()) Console.Out.WriteLine($"  {table,-28}{rows,14:#,0}");
        await CopyRowsAsync(cancel);
        await CarryPositionsAsync(cancel);
        if (_wrong == 0) MigrationMark.Delete(_to.Settings.Data);
        Console.Out.WriteLine(_wrong == 0 ? "Everything is there, and equal by count and checksum. Start the new system; keep the old one's folder until you trust it."
            : $"{_wrong} of them differ; the new system does not start from {_to.Settings.Data}. Run migrate again; if they still differ, start anew with empty parts.");
        return _wrong == 0 ? 0 : 1;
    }

    // A round that was being sent belongs to one warehouse; the other one would take its facts a second time.
    private async Task MustBeAtRestAsync(CancellationToken cancel)
    {
        for (var partition = 0; partition < _from.Log.Partitions; partition++)
        {
            var waiting = _from.Log.EndOffset(Topic.Facts, partition) - await _from.Log.PositionAsync(WarehouseSink.ReaderName, Topic.Facts, partition, cancel);
            if (waiting > 0) throw new VerbException($"{waiting:#,0} facts of partition {partition} are not in the old warehouse yet. Start the old system once more, wait until closedloop_warehouse_lag_facts is 0, and stop it.");
        }
    }

    private async Task BeginAsync(CancellationToken cancel)
    {
        var mark = new MigrationMark(_from.Identity, _to.Identity);
        if (MigrationMark.Read(_to.Settings.Data) is { } found)
        {
            if (found != mark) throw new VerbException($"{MigrationMark.FileIn(_to.Settings.Data)} is of a migration between other logs. Finish that one, or start anew with empty parts.");
            return;
        }
        var rows = await _to.Warehouse.ValueAsync(new WarehouseQuery("SELECT sum(total_rows) FROM system.tables WHERE database = 'closedloop' AND name NOT IN ('schema_versions') AND total_rows > 0"), cancel);
        if (_log.Lanes.Any(lane => _to.Log.EndOffset(lane.Topic, lane.Partition) > 0) || rows is not ("0" or "" or "\\N"))
            throw new VerbException($"There is something at {_to.Name} or in its warehouse already; a migration begins with empty parts.");
        mark.Write(_to.Settings.Data);
    }

    private async Task CopyLogAsync(CancellationToken cancel)
    {
        foreach (var (topic, partition) in _log.Lanes)
        {
            await _log.CopyAsync(topic, partition, cancel);
            Compare($"{topic.ToString().ToLowerInvariant()} {partition}", await _log.SumFromAsync(topic, partition, cancel), await _log.SumToAsync(topic, partition, cancel));
        }
    }

    private async Task CopyRowsAsync(CancellationToken cancel)
    {
        var copy = new WarehouseCopy(_from.Warehouse, _to.Warehouse);
        foreach (var table in SchemaScript.Tables)
        {
            await copy.CopyAsync(table, cancel);
            var (was, now) = await copy.SumAsync(table, cancel);
            Compare(table, was.Replace('\t', ':'), now.Replace('\t', ':'));
        }
    }

    private async Task CarryPositionsAsync(CancellationToken cancel)
    {
        foreach (var reader in Readers)
            for (var partition = 0; partition < _from.Log.Partitions; partition++)
            {
                var next = await _from.Log.PositionAsync(reader, Topic.Facts, partition, cancel);
                await _to.Log.CommitPositionAsync(reader, Topic.Facts, partition, _log.Moved(Topic.Facts, partition, next));
            }
    }

    private void Compare(string what, string was, string now)
    {
        if (was != now) _wrong++;
        Console.Out.WriteLine($"  {what,-28}{was.Split(':')[0],14} {(was == now ? "equal" : $"differ ({was} before, {now} now)")}");
    }
}
