namespace ClosedLoop.Streaming.Log;

/// <summary>The log in one SQLite file. What was just committed is read from memory, older records from the file.</summary>
public sealed class EmbeddedLog : ILog, ILogIdentity
{
    private readonly EmbeddedFile _file;

    public EmbeddedLog(EmbeddedFile file) => _file = file;

    public string Identity => _file.Identity;

    public TimeSpan AppendMax => TimeSpan.Zero;

    public int Partitions => _file.Options.Partitions;

    /// <summary>All damage that was noticed in this file; see <see cref="LogDamage"/>.</summary>
    public IReadOnlyList<LogDamage> Damages => _file.Damages.All;

    public Task AppendAsync(Topic topic, int partition, ReadOnlySpan<byte> record) => _file.Append(Index(topic, partition), record);

    public async ValueTask<LogSlice> ReadAsync(Topic topic, int partition, long from, int bytesMax, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesMax);
        var lane = _file.Lanes[Index(topic, partition)];
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            // What retention or an erasure took is gone from memory too.
            from = Math.Max(from, lane.Start);
            if (lane.TryTail(from, bytesMax, out var slice)) return slice;
            var end = lane.End;
            if (from < end)
            {
                if (_file.ReadOlder(lane, from, end, bytesMax) is { } older) return older;
                from = end;
                continue;
            }
            if (lane.Wait(from, bytesMax) is not { } waiting) continue;
            using var left = cancel.UnsafeRegister((_, token) => lane.Leave(waiting, token), null);
            return await waiting.Task.ConfigureAwait(false);
        }
    }

    public long StartOffset(Topic topic, int partition) => _file.Lanes[Index(topic, partition)].Start;

    public long EndOffset(Topic topic, int partition) => _file.Lanes[Index(topic, partition)].End;

    public ValueTask<long> PositionAsync(string reader, Topic topic, int partition, CancellationToken cancel) =>
        ValueTask.FromResult(_file.Positions.Get(Named(reader), Index(topic, partition)));

    public Task CommitPositionAsync(string reader, Topic topic, int partition, long next)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(next);
        return _file.Positions.Commit(Named(reader), Index(topic, partition), next);
    }

    /// <summary>
    /// Deletes whole chunks before an offset, step by step in the background, never past the lowest position of a known reader.
    /// Gives the first offset that is left.
    /// </summary>
    public Task<long> TrimAsync(Topic topic, int partition, long before) => _file.Retention.TrimAsync(Index(topic, partition), before);

    private int Index(Topic topic, int partition) => LaneMap.Index(topic, partition, _file.Options.Partitions);

    private static string Named(string reader) => reader is { Length: > 0 and <= Log.Positions.ReaderCharsMax }
        ? reader
        : throw new ArgumentException($"A reader's name has 1 to {Log.Positions.ReaderCharsMax} characters.", nameof(reader));
}
