using ClosedLoop.Streaming.Log;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.States;

/// <summary>What was found in the file.</summary>
internal sealed record LoadedStates(PositionRow Position, ChunkList Chunks);

/// <summary>Reads the states of a partition into an empty shelf, chunk after chunk, and refuses what is damaged.</summary>
internal static class StateLoader
{
    /// <summary>Throws <see cref="StateChunkCorruptException"/> or <see cref="StatesPositionCorruptException"/>.</summary>
    public static LoadedStates Load(IEmbeddedFile file, int partition, Shelf shelf)
    {
        using var connection = file.OpenReader();
        // One read transaction, so that rows and position are of the same commit.
        using var transaction = connection.BeginTransaction(deferred: true);
        var position = Position(connection, transaction, partition, CopyKind.Live) ?? new PositionRow(partition, CopyKind.Live);
        var chunks = new ChunkList();
        lock (shelf.Gate)
        {
            if (shelf.Count != 0) throw new ArgumentException("States are loaded into an empty shelf.", nameof(shelf));
            using var rows = ChunkRows.Whole(connection,
                ChunkKey.Of(partition, position.Generation, 0), ChunkKey.Of(partition, position.Generation, ChunkKey.SequenceMax));
            var digest = default(ChunkDigest);
            var sequence = 0L;
            while (rows.MoveNext())
            {
                sequence = ChunkKey.Sequence(rows.Key);
                var bytes = rows.Bytes;
                shelf.BeginChunk(sequence);
                chunks.Add(new ChunkRow(sequence, bytes.Length, Apply(shelf, bytes, new ChunkPlace(partition, sequence))));
                digest = digest.With(sequence, StateChunk.ChecksumOf(bytes));
            }
            Verify(partition, position.Rows, digest);
            shelf.BeginChunk(sequence + 1);
        }
        return new LoadedStates(position, chunks);
    }

    public static PositionRow? Position(SqliteConnection connection, SqliteTransaction? transaction, int partition, CopyKind kind)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = StateTables.SelectPosition;
        command.Parameters.AddWithValue("$key", PositionRow.KeyOf(partition, kind));
        using var reader = command.ExecuteReader();
        return StateTables.Read(reader, partition, kind);
    }

    /// <summary>Throws when the rows that are there are not the rows that were written.</summary>
    public static void Verify(int partition, ChunkDigest expected, ChunkDigest found, bool isBase = false)
    {
        if (expected == found) return;
        var difference = expected.DifferenceTo(found);
        throw (expected.Rows - found.Rows) switch
        {
            1 => new StateChunkCorruptException(new ChunkPlace(partition, difference, isBase), 0, "the chunk is missing"),
            -1 => new StateChunkCorruptException(new ChunkPlace(partition, difference, isBase), 0, "the chunk was deleted and is there again"),
            0 => new StatesPositionCorruptException(partition, $"its {expected.Rows} chunks are not the ones that were written", isBase),
            _ => new StatesPositionCorruptException(partition, $"{expected.Rows} chunks were written and {found.Rows} are there", isBase),
        };
    }

    // Gives the bytes of entries that remove.
    private static int Apply(Shelf shelf, ReadOnlySpan<byte> bytes, ChunkPlace place)
    {
        var removals = 0;
        var reader = new StateChunkReader(bytes, place);
        while (reader.MoveNext())
        {
            if (reader.IsRemoval)
            {
                shelf.Remove(reader.Key);
                removals += reader.Key.Length + ChunkLedger.EntryBytes;
            }
            else
            {
                shelf.Put(reader.Key, reader.State, reader.DueSeconds);
            }
        }
        return removals;
    }

    /// <summary>Bytes of entries that remove, for the account of a new chunk.</summary>
    public static int RemovalBytes(ReadOnlySpan<byte> bytes, ChunkPlace place)
    {
        var removals = 0;
        var reader = new StateChunkReader(bytes, place);
        while (reader.MoveNext())
            if (reader.IsRemoval) removals += reader.Key.Length + ChunkLedger.EntryBytes;
        return removals;
    }
}
