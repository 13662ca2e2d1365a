using ClosedLoop.Streaming.Log;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// Compaction by steps: what is still live in chunks that are mostly superseded is written again at the end, and in the same transaction
/// the old rows go. The bytes come from the old rows, not from the shelf, which may be ahead of what is durable. The new chunk gets its sequence
/// under the gate, between two batches, so that everything put later has a higher one; and it is submitted after the commits before it.
/// </summary>
public sealed partial class EmbeddedJournal
{
    private const int VictimsMax = 64;

    private void Upkeep(PartitionOwner owner)
    {
        lock (owner.Shelf.Gate)
        {
            if (owner.IsCompacting || !owner.NeedsCompaction(_options) || _stopping.IsCancellationRequested) return;
            owner.IsCompacting = true;
            owner.Compaction = Task.Run(() => CompactAsync(owner));
        }
    }

    /// <summary>Completes when nothing is left to compact for now.</summary>
    internal Task CompactedAsync(int partition)
    {
        if (!_owners.TryGetValue(partition, out var owner)) return Task.CompletedTask;
        lock (owner.Shelf.Gate) return owner.Compaction;
    }

    private async Task CompactAsync(PartitionOwner owner)
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                using var turn = await TurnAsync(owner.Partition, _stopping.Token).ConfigureAwait(false);
                if (!await StepAsync(owner).ConfigureAwait(false)) return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // A stop like any other: of the journal, or of the owner, who takes the shelf along.
        }
        catch (Exception e)
        {
            // The file is as it was before the step; only this owner's accounts are not. A damaged row is reported at the next opening.
            CompactionError = e;
            _telemetry.CompactionFailed();
            lock (owner.Shelf.Gate) owner.CompactionFailed = true;
        }
        lock (owner.Shelf.Gate) owner.IsCompacting = false;
    }

    /// <summary>Why compaction of some partition stopped; null while all is well.</summary>
    public Exception? CompactionError { get; private set; }

    // One choice of rows and the transactions that rewrite them. False when there is nothing (more) to do.
    private async Task<bool> StepAsync(PartitionOwner owner)
    {
        List<ChunkRow> victims;
        lock (owner.Shelf.Gate)
        {
            victims = owner.NeedsCompaction(_options) ? Choose(owner) : [];
            // In the same breath, so that the next commit either was looked at here or starts the next round.
            if (victims.Count == 0) owner.IsCompacting = false;
        }
        if (victims.Count == 0) return false;
        var rewrite = new ChunkRewrite(owner, ReadRows(owner, victims), _options.StepBytesMax);
        while (!rewrite.IsDone)
        {
            Task before;
            lock (owner.Shelf.Gate)
            {
                if (owner.IsStopped) return true;
                before = owner.LastCommit;
                // An owner that gave up the gate in the middle of a batch has changes that no chunk holds yet.
                if (!owner.Shelf.IsSealed) before = Task.Delay(1, _stopping.Token);
                else rewrite.Next();
            }
            await before.ConfigureAwait(false);
            if (rewrite.HasStep) await SubmitAsync(owner, rewrite).ConfigureAwait(false);
        }
        return true;
    }

    private List<ChunkRow> Choose(PartitionOwner owner)
    {
        var chosen = new List<ChunkRow>();
        var live = 0L;
        foreach (var row in owner.Chunks.Candidates(owner.Shelf, owner.DurableSequence, VictimsMax))
        {
            chosen.Add(row);
            live += owner.Shelf.LiveBytes(row.Sequence) + row.Removals;
            if (live >= _options.StepBytesMax) break;
        }
        return chosen;
    }

    private List<(ChunkRow Row, byte[] Bytes)> ReadRows(PartitionOwner owner, List<ChunkRow> victims)
    {
        using var connection = _file.OpenReader();
        return [.. victims.Select(row => (row, ReadRow(connection, owner, row.Sequence)))];
    }

    private static byte[] ReadRow(SqliteConnection connection, PartitionOwner owner, long sequence)
    {
        var key = ChunkKey.Of(owner.Partition, owner.Generation, sequence);
        using var rows = ChunkRows.Whole(connection, key, key);
        return rows.MoveNext() ? rows.Bytes.ToArray() : throw new StateChunkCorruptException(new ChunkPlace(owner.Partition, sequence), 0, "the chunk is missing");
    }

    private async Task SubmitAsync(PartitionOwner owner, ChunkRewrite rewrite)
    {
        bool urgent;
        lock (owner.Shelf.Gate) urgent = owner.IsUrgent(_options);
        await _file.SubmitAsync(new CommitUnit([], (connection, transaction) =>
        {
            var tables = StateTables.For(connection, transaction, ref _tables);
            var row = Owned(tables, owner);
            tables.Write(row with { Rows = rewrite.Write(tables, row.Rows) });
        }, rewrite.Bytes + 200, Background: !urgent)).ConfigureAwait(false);
        _telemetry.Compacted(rewrite.EmptiedBytes);
        lock (owner.Shelf.Gate) rewrite.Finish();
    }
}
