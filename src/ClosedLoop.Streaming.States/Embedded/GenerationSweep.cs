using ClosedLoop.Streaming.Log;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.States;

/// <summary>Deletes the rows of generations that no position points to, step by step: old bases, and copies that a crash cut off.</summary>
public sealed partial class EmbeddedJournal
{
    // Deleting walks the pages of each row, so steps have bounds of their own.
    private const int SweepRowsMax = 64;
    private const int SweepBytesMax = 1 << 20;

    // What a crash in the middle of a snapshot or of a reset left behind.
    private async Task SweepAfterCrashAsync(int partition)
    {
        try
        {
            using var turn = await TurnAsync(partition, _stopping.Token).ConfigureAwait(false);
            await SweepAsync(partition, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or LogUnavailableException or StatesPositionCorruptException)
        {
            // Nobody depends on it: the next opening sweeps again.
        }
    }

    private async Task SweepAsync(int partition, CancellationToken cancel)
    {
        foreach (var generation in UnreferencedGenerations(partition))
        {
            while (!cancel.IsCancellationRequested)
            {
                var keys = FirstKeys(partition, generation);
                if (keys.Count == 0) break;
                await _file.SubmitAsync(new CommitUnit([], (connection, transaction) =>
                {
                    var tables = StateTables.For(connection, transaction, ref _tables);
                    foreach (var key in keys) tables.Delete(key);
                }, keys.Count * 100, Background: true)).ConfigureAwait(false);
            }
        }
    }

    private List<long> FirstKeys(int partition, int generation)
    {
        using var connection = _file.OpenReader();
        using var rows = ChunkRows.Lengths(connection, ChunkKey.Of(partition, generation, 0), ChunkKey.Of(partition, generation, ChunkKey.SequenceMax));
        var keys = new List<long>();
        var bytes = 0L;
        while (keys.Count < SweepRowsMax && bytes < SweepBytesMax && rows.MoveNext())
        {
            keys.Add(rows.Key);
            bytes += rows.Length;
        }
        return keys;
    }

    private List<int> UnreferencedGenerations(int partition)
    {
        using var connection = _file.OpenReader();
        var live = StateLoader.Position(connection, null, partition, CopyKind.Live)?.Generation ?? 0;
        var kept = StateLoader.Position(connection, null, partition, CopyKind.Base)?.Generation ?? live;
        return [.. Enumerable.Range(0, ChunkKey.GenerationMax + 1).Where(g => g != live && g != kept && HasRows(connection, partition, g))];
    }

    // Another number than the ones in use. After a sweep there are at most two of those.
    private int UnusedGeneration(int partition)
    {
        using var connection = _file.OpenReader();
        var kept = StateLoader.Position(connection, null, partition, CopyKind.Base)?.Generation ?? -1;
        var live = LiveGeneration(connection, partition);
        return Enumerable.Range(0, ChunkKey.GenerationMax + 1).First(g => g != live && g != kept && !HasRows(connection, partition, g));
    }

    // A damaged position is about to be replaced by a reset; its generation is then recognised by its rows.
    private static int LiveGeneration(SqliteConnection connection, int partition)
    {
        try
        {
            return StateLoader.Position(connection, null, partition, CopyKind.Live)?.Generation ?? 0;
        }
        catch (StatesPositionCorruptException)
        {
            return -1;
        }
    }

    private static bool HasRows(SqliteConnection connection, int partition, int generation)
    {
        using var rows = ChunkRows.Lengths(connection, ChunkKey.Of(partition, generation, 0), ChunkKey.Of(partition, generation, ChunkKey.SequenceMax));
        return rows.MoveNext();
    }

    private static bool TablesExist(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE name = 'states_positions'";
        return command.ExecuteScalar() is long and > 0;
    }
}
