using System.Globalization;
using StackExchange.Redis;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// The keys of one partition, all in one slot of a cluster by their hash tag. States lie in 256 hashes, so that none of them grows too large to
/// be moved or scanned: field = shelf key, value = due time (4 bytes, unix seconds, little-endian) and state.
/// </summary>
internal sealed class RedisKeys
{
    public const int Buckets = 256;
    public const int DueBytes = 4;

    private readonly RedisKey[] _states;

    public RedisKeys(string prefix, int partition)
    {
        var tag = string.Create(CultureInfo.InvariantCulture, $"{{{prefix}.{partition}}}");
        (Head, Unpublished, Redo, Due) = ($"{tag}:head", $"{tag}:out", $"{tag}:redo", $"{tag}:due");
        _states = [.. Enumerable.Range(0, Buckets).Select(b => (RedisKey)string.Create(CultureInfo.InvariantCulture, $"{tag}:s:{b:x2}"))];
    }

    /// <summary>Hash: epoch, log, commits, absorbed, counters, outs (elements of <see cref="Unpublished"/> that count), redo (pieces that count), saved (unix ms), facts (their end in the log when all was published).</summary>
    public RedisKey Head { get; }

    /// <summary>List: facts and messages that are saved and not yet known to be published.</summary>
    public RedisKey Unpublished { get; }

    /// <summary>List: pieces of a step too large for one script.</summary>
    public RedisKey Redo { get; }

    /// <summary>Sorted set: shelf keys by due time.</summary>
    public RedisKey Due { get; }

    public RedisKey States(int bucket) => _states[bucket];

    // The upper bits: the lower ones choose the partition.
    public static int BucketOf(ReadOnlySpan<byte> key) => (int)(Shelf.HashOf(key) >> 56);
}
