using System.Runtime.CompilerServices;
using StackExchange.Redis;

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

    public async ValueTask<SavedPosition> PositionAsync(int partition, CancellationToken cancel)
    {
        var head = new RedisKeys(link.Options.Prefix, partition).Head;
        var found = (RedisResult[])(await link.AskAsync("HMGET", head, "commits", "absorbed", "outs", "redo", "counters").WaitAsync(cancel).ConfigureAwait(false))!;
        long Number(int i) => found[i].IsNull ? 0 : long.Parse((string)found[i]!, System.Globalization.CultureInfo.InvariantCulture);
        return new SavedPosition(Number(0), Number(1), Number(2) == 0 && Number(3) == 0, (byte[]?)found[4] ?? []);
    }

    public async ValueTask<long> DueAsync(int partition, uint unixSeconds, CancellationToken cancel) =>
        (long)await link.AskAsync("ZCOUNT", new RedisKeys(link.Options.Prefix, partition).Due, "-inf", (long)unixSeconds).WaitAsync(cancel).ConfigureAwait(false);
}
