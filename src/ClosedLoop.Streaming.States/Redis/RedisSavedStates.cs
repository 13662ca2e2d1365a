using System.Runtime.CompilerServices;

namespace ClosedLoop.Streaming.States;

/// <summary>Reads states in Redis, as their owners saved them.</summary>
public sealed class RedisSavedStates(RedisLink link) : ISavedStates
{
    public async ValueTask<byte[]?> ReadAsync(int partition, ReadOnlyMemory<byte> key, CancellationToken cancel)
    {
        var at = new RedisKeys(link.Options.Prefix, partition);
        var value = (byte[]?)await link.AskAsync("HGET", at.States(RedisKeys.BucketOf(key.Span)), key.ToArray()).WaitAsync(cancel).ConfigureAwait(false);
        return value is null ? null : RedisLoader.Parse(value).State.ToArray();
    }

    public async IAsyncEnumerable<(byte[] Key, byte[] State)> ScanAsync(int partition, [EnumeratorCancellation] CancellationToken cancel)
    {
        var at = new RedisKeys(link.Options.Prefix, partition);
        var loader = new RedisLoader(link);
        for (var bucket = 0; bucket < RedisKeys.Buckets; bucket++)
        {
            // A field may come twice while the hash grows.
            var seen = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var portion in loader.ScanAsync(at, bucket, cancel).ConfigureAwait(false))
                for (var i = 0; i + 1 < portion.Length; i += 2)
                    if ((byte[])portion[i]! is var key && seen.Add(Convert.ToHexString(key)))
                        yield return (key, RedisLoader.Parse((byte[])portion[i + 1]!).State.ToArray());
        }
    }

    public async ValueTask<long> DueAsync(int partition, uint unixSeconds, CancellationToken cancel) =>
        (long)await link.AskAsync("ZCOUNT", new RedisKeys(link.Options.Prefix, partition).Due, "-inf", (long)unixSeconds).WaitAsync(cancel).ConfigureAwait(false);
}
