using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// Copies the rows of one generation to another by steps, each chunk checked on the way. While it runs nobody deletes rows of the
/// source (compaction waits for its turn), and rows that are added behind <c>last</c> are left out.
/// </summary>
internal sealed class GenerationCopy(IEmbeddedFile file, int partition, int from, int to, long last, int stepBytesMax, bool background)
{
    // Steps under way: enough to use the committer well when nobody else does, little enough memory.
    private const int StepsMax = 8;

    private readonly Queue<Task> _under = new();
    private List<(long Sequence, byte[] Bytes)> _step = [];
    private int _stepBytes;

    /// <summary>The source is a base snapshot; messages about damage say so.</summary>
    public bool IsBase { get; init; }

    /// <summary>Rows that were copied.</summary>
    public ChunkDigest Rows { get; private set; }

    public async Task RunAsync(CancellationToken cancel)
    {
        var next = 0L;
        while (next <= last)
        {
            cancel.ThrowIfCancellationRequested();
            // A connection is held for one run of rows only: a long read would keep the write-ahead file from being copied back.
            next = ReadRun(next);
            await SubmitAsync().ConfigureAwait(false);
        }
        while (_under.TryDequeue(out var step)) await step.ConfigureAwait(false);
    }

    // Gives the sequence to go on with.
    private long ReadRun(long first)
    {
        using var connection = file.OpenReader();
        using var rows = ChunkRows.Whole(connection, ChunkKey.Of(partition, from, first), ChunkKey.Of(partition, from, last));
        while (rows.MoveNext())
        {
            var sequence = ChunkKey.Sequence(rows.Key);
            var bytes = rows.Bytes.ToArray();
            Check(bytes, new ChunkPlace(partition, sequence, IsBase));
            Rows = Rows.With(sequence, StateChunk.ChecksumOf(bytes));
            _step.Add((sequence, bytes));
            _stepBytes += bytes.Length;
            if (_stepBytes >= stepBytesMax) return sequence + 1;
        }
        return last + 1;
    }

    private async Task SubmitAsync()
    {
        if (_step.Count == 0) return;
        if (_under.Count == StepsMax) await _under.Dequeue().ConfigureAwait(false);
        var (step, bytes) = (_step, _stepBytes);
        (_step, _stepBytes) = ([], 0);
        _under.Enqueue(file.SubmitAsync(new CommitUnit([], (connection, transaction) =>
        {
            StateTables? tables = null;
            StateTables.For(connection, transaction, ref tables);
            foreach (var (sequence, row) in step) tables!.Insert(ChunkKey.Of(partition, to, sequence), row, row.Length);
        }, bytes, background)));
    }

    private static void Check(byte[] bytes, ChunkPlace place)
    {
        var reader = new StateChunkReader(bytes, place);
        while (reader.MoveNext()) { }
    }
}
