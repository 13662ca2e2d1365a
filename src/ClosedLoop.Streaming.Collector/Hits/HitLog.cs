using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.Collector;

/// <summary>The last step before the answer: the record goes to its partition of the log.</summary>
internal sealed class HitLog(ILog log)
{
    /// <summary>Longest actor key: a letter and an identifier.</summary>
    public const int KeyBytesMax = Partitioning.KeyBytesMax;

    public int Partitions => log.Partitions;

    /// <summary>The task of the group commit; a log that says no at once says so through the task as well, so that callers look in one place.</summary>
    public Task Append(ReadOnlySpan<byte> record, ReadOnlySpan<byte> site, ReadOnlySpan<byte> key) =>
        AppendTo(Partitioning.Of(site, key, log.Partitions), record);

    public Task AppendTo(int partition, ReadOnlySpan<byte> record)
    {
        try
        {
            return log.AppendAsync(Topic.Hits, partition, record);
        }
        catch (LogUnavailableException e)
        {
            return Task.FromException(e);
        }
    }

    /// <summary>For records that belong to no actor: spread by their own id.</summary>
    public Task AppendByItself(ReadOnlySpan<byte> record, ReadOnlySpan<byte> site, Id id)
    {
        Span<byte> key = stackalloc byte[Id.Bytes];
        id.Write(key);
        return Append(record, site, key);
    }
}
