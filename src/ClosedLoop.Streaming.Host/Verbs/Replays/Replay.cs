using ClosedLoop.Streaming.Host.Settings;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Warehouse;
using ClosedLoop.Streaming.Warehouse.Sink;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Host.Verbs.Replays;

/// <summary>
/// Throws states and rows away and lets the log say everything again. Old facts are cut off behind all readers first, so the archive reads
/// only what the replay says, and the messenger nothing of it. Where retention has deleted hits, the rows of their time can't be made
/// again: then the warehouse stays as it is, and only the states are rebuilt.
/// </summary>
internal sealed class Replay : IAsyncDisposable
{
    private readonly HostSettings _settings;
    private readonly ServiceProvider _services;
    private readonly EmbeddedLog _log;
    private readonly EmbeddedJournal _journal;
    private readonly ReplayWarehouse _warehouse;

    private Replay(HostSettings settings, ServiceProvider services)
    {
        (_settings, _services) = (settings, services);
        _log = services.GetRequiredService<EmbeddedLog>();
        _journal = services.GetRequiredService<EmbeddedJournal>();
        _warehouse = new ReplayWarehouse(services.GetRequiredService<IWarehouse>());
    }

    public static async Task<Replay> OpenAsync(HostSettings settings, CancellationToken cancel)
    {
        var services = new ServiceCollection().AddLogging(logging => logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning))
            .AddSingleton(TimeProvider.System).AddSingleton<IHostApplicationLifetime, NoLifetime>()
            .AddEmbeddedLog(settings.Log).AddEmbeddedStates(settings.States).AddWarehouse(settings.Warehouse).AddWarehouseSink()
            .AddSingleton<ProcessorTelemetry>().BuildServiceProvider();
        var replay = new Replay(settings, services);
        await services.GetRequiredService<IWarehouse>().StartAsync(cancel);
        return replay;
    }

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var mark = ReplayMark.Read(_settings.Data);
        if (mark is null)
        {
            mark = await LookAsync(cancel);
            mark.Write(_settings.Data);
        }
        await ClearAsync(mark, cancel);
        var after = await RebuildAsync(mark, cancel);
        if (mark.WithWarehouse) await FillAsync(cancel);
        await SkipWebhooksAsync();
        var wrong = await CompareAsync(mark, after, cancel);
        ReplayMark.Delete(_settings.Data);
        Console.Out.WriteLine(wrong == 0 ? "States and rows are the ones from before." : $"{wrong} of them differ.");
        return wrong == 0 ? 0 : 1;
    }

    private async Task<ReplayMark> LookAsync(CancellationToken cancel)
    {
        var (absorbed, states, factsFrom) = (new long[_log.Partitions], new string[_log.Partitions], new long[_log.Partitions]);
        var withWarehouse = true;
        for (var partition = 0; partition < _log.Partitions; partition++)
        {
            using var owner = Owner(partition, _journal);
            await owner.OpenAsync(cancel);
            (absorbed[partition], states[partition]) = (owner.Next, StateDigest.Of(owner.Shelf));
            factsFrom[partition] = _log.EndOffset(Topic.Facts, partition);
            withWarehouse &= _log.StartOffset(Topic.Hits, partition) == 0 && await _journal.FindAsync(partition, cancel) is null;
            var unsent = factsFrom[partition] - await _log.PositionAsync("webhooks", Topic.Facts, partition, cancel);
            if (unsent > 0) await Console.Error.WriteLineAsync($"{unsent:#,0} facts of partition {partition} were not yet looked at for webhooks; a replay sends none, so these are not sent.");
        }
        if (!withWarehouse) await Console.Error.WriteLineAsync("Hits before the base snapshot may be gone: the warehouse keeps its rows, and only the states are rebuilt.");
        return new ReplayMark(absorbed, states, factsFrom, await _warehouse.CountAsync(cancel), withWarehouse);
    }

    private async Task ClearAsync(ReplayMark mark, CancellationToken cancel)
    {
        for (var partition = 0; partition < _log.Partitions; partition++)
        {
            await _journal.ResetAsync(partition, cancel);
            var end = _log.EndOffset(Topic.Facts, partition);
            foreach (var reader in new[] { "webhooks", WarehouseSink.ReaderName }) await _log.CommitPositionAsync(reader, Topic.Facts, partition, end);
            if (mark.WithWarehouse) await _log.TrimAsync(Topic.Facts, partition, end);
        }
        if (mark.WithWarehouse) await _warehouse.EmptyAsync(cancel);
    }

    private async Task<string[]> RebuildAsync(ReplayMark mark, CancellationToken cancel)
    {
        var journal = new ReplayJournal(_journal, mark.WithWarehouse);
        var states = new string[_log.Partitions];
        for (var partition = 0; partition < _log.Partitions; partition++)
        {
            using var owner = Owner(partition, journal);
            await owner.OpenAsync(cancel);
            await owner.ReplayAsync(mark.Absorbed[partition], next => Progress($"partition {partition + 1} of {_log.Partitions}: {next:#,0} of {mark.Absorbed[partition]:#,0} records"), cancel);
            states[partition] = StateDigest.Of(owner.Shelf);
        }
        return states;
    }

    private async Task FillAsync(CancellationToken cancel)
    {
        var sink = _services.GetRequiredService<WarehouseSink>();
        await sink.StartAsync(cancel);
        for (var partition = 0; partition < _log.Partitions; partition++)
            while (await _log.PositionAsync(WarehouseSink.ReaderName, Topic.Facts, partition, cancel) < _log.EndOffset(Topic.Facts, partition))
            {
                Progress($"warehouse: {sink.LagFacts:#,0} facts to go");
                await Task.Delay(200, cancel);
            }
        await sink.StopAsync(cancel);
    }

    private async Task SkipWebhooksAsync()
    {
        for (var partition = 0; partition < _log.Partitions; partition++)
            await _log.CommitPositionAsync("webhooks", Topic.Facts, partition, _log.EndOffset(Topic.Facts, partition));
    }

    private async Task<int> CompareAsync(ReplayMark mark, string[] after, CancellationToken cancel)
    {
        if (!Console.IsErrorRedirected) await Console.Error.WriteLineAsync();
        var wrong = 0;
        for (var partition = 0; partition < after.Length; partition++)
        {
            var same = after[partition] == mark.States[partition];
            if (!same) wrong++;
            Console.Out.WriteLine($"  states of partition {partition}: {after[partition].Split(':')[0]} {(same ? "equal to the byte" : $"differ ({mark.States[partition]} before, {after[partition]} now)")}");
        }
        foreach (var (table, rows) in await _warehouse.CountAsync(cancel))
        {
            if (rows != mark.Rows[table]) wrong++;
            Console.Out.WriteLine($"  {table,-22}{rows,14:#,0}{(rows == mark.Rows[table] ? "" : $"  ({mark.Rows[table]:#,0} before)")}");
        }
        return wrong;
    }

    private PartitionOwner Owner(int partition, IJournal journal) => new(partition, _log, journal, _settings.Processor,
        _services.GetRequiredService<ProcessorTelemetry>(), TimeProvider.System, _services.GetRequiredService<ILogger<Replay>>());

    private static void Progress(string text)
    {
        if (!Console.IsErrorRedirected) Console.Error.Write($"\r{text,-70}");
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
