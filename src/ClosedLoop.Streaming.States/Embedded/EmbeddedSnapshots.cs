using System.Collections.Concurrent;
using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.States;

/// <summary>Base snapshots in the embedded file: the rows of the live states copied to a generation of their own, then one row that says so.</summary>
public sealed partial class EmbeddedJournal : IBaseSnapshots, IRetentionGate
{
    // Long enough to be cheap when nobody waits, short enough not to hold up a commit for more than some milliseconds.
    private const int ResetStepBytes = 1 << 20;

    private readonly ConcurrentDictionary<int, long> _covered = new();

    public async Task<StateSnapshot> WriteAsync(int partition, CancellationToken cancel)
    {
        using var turn = await TurnAsync(partition, cancel).ConfigureAwait(false);
        await EnsureTablesAsync().ConfigureAwait(false);
        await SweepAsync(partition, cancel).ConfigureAwait(false);
        var (live, last) = Cut(partition);
        var generation = UnusedGeneration(partition);
        var copy = new GenerationCopy(_file, partition, live.Generation, generation, last, _options.StepBytesMax, background: true);
        await copy.RunAsync(cancel).ConfigureAwait(false);
        StateLoader.Verify(partition, live.Rows, copy.Rows);
        var row = new PositionRow(partition, CopyKind.Base)
        {
            Absorbed = live.Absorbed, Counters = live.Counters, Generation = generation, Rows = copy.Rows,
        };
        await SubmitAsync(tables => tables.Write(row)).ConfigureAwait(false);
        _covered[partition] = row.Absorbed;
        await SweepAsync(partition, cancel).ConfigureAwait(false);
        return new StateSnapshot(partition, row.Absorbed, row.Rows.Rows);
    }

    public ValueTask<StateSnapshot?> FindAsync(int partition, CancellationToken cancel)
    {
        using var connection = _file.OpenReader();
        if (!TablesExist(connection)) return ValueTask.FromResult<StateSnapshot?>(null);
        var row = StateLoader.Position(connection, null, partition, CopyKind.Base);
        _covered[partition] = row?.Absorbed ?? 0;
        return ValueTask.FromResult(row is null ? null : new StateSnapshot(partition, row.Absorbed, row.Rows.Rows));
    }

    public async Task ResetAsync(int partition, CancellationToken cancel)
    {
        using var turn = await TurnAsync(partition, cancel).ConfigureAwait(false);
        Fence(partition);
        await EnsureTablesAsync().ConfigureAwait(false);
        var start = BasePosition(partition) ?? new PositionRow(partition, CopyKind.Base);
        var generation = UnusedGeneration(partition);
        var copy = new GenerationCopy(_file, partition, start.Generation, generation, start.Rows.Rows == 0 ? -1 : ChunkKey.SequenceMax, ResetStepBytes, background: false) { IsBase = true };
        await copy.RunAsync(cancel).ConfigureAwait(false);
        StateLoader.Verify(partition, start.Rows, copy.Rows, isBase: true);
        await SubmitAsync(tables =>
        {
            tables.Write(new PositionRow(partition, CopyKind.Live)
            {
                Epoch = tables.EpochOf(partition) + 1, Absorbed = start.Absorbed, Counters = start.Counters, Generation = generation, Rows = copy.Rows,
            });
        }).ConfigureAwait(false);
        await SweepAsync(partition, cancel).ConfigureAwait(false);
    }

    /// <summary>Offset after the last hit that the durable base of a partition contains; 0 when there is none or the partition was not opened yet.</summary>
    public long SnapshotOffset(int partition) => _covered.GetValueOrDefault(partition);

    /// <summary>Open partitions that have absorbed hits since their base was written.</summary>
    internal List<int> Uncovered() => [.. _owners.Values.Where(o => o.Absorbed > SnapshotOffset(o.Partition)).Select(o => o.Partition).Order()];

    // Position and last sequence of the same commit. Rows up to there stay as they are while this partition's turn is held.
    private (PositionRow Live, long Last) Cut(int partition)
    {
        using var connection = _file.OpenReader();
        using var transaction = connection.BeginTransaction(deferred: true);
        var live = StateLoader.Position(connection, transaction, partition, CopyKind.Live) ?? new PositionRow(partition, CopyKind.Live);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT max(key) FROM states_chunks WHERE key BETWEEN $first AND $last";
        command.Parameters.AddWithValue("$first", ChunkKey.Of(partition, live.Generation, 0));
        command.Parameters.AddWithValue("$last", ChunkKey.Of(partition, live.Generation, ChunkKey.SequenceMax));
        return (live, command.ExecuteScalar() is long key ? ChunkKey.Sequence(key) : -1);
    }

    private PositionRow? BasePosition(int partition)
    {
        using var connection = _file.OpenReader();
        return StateLoader.Position(connection, null, partition, CopyKind.Base);
    }

    private Task EnsureTablesAsync() => _file.SubmitAsync(new CommitUnit([], StateTables.Ensure, 200, Background: false));

    private Task SubmitAsync(Action<StateTables> write) => _file.SubmitAsync(new CommitUnit([], (connection, transaction) =>
        write(StateTables.For(connection, transaction, ref _tables)), 400, Background: false));
}
