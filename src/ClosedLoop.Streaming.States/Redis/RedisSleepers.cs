using System.Globalization;
using StackExchange.Redis;

namespace ClosedLoop.Streaming.States;

/// <summary>The due index in Redis: a sorted set per partition, which Redis itself orders by due time, then key.</summary>
public sealed class RedisSleepers(RedisLink link) : ISleepers
{
    public async Task<IReadOnlyList<Sleeper>> FirstAsync(int partition, uint untilSeconds, int skip, int countMax, CancellationToken cancel)
    {
        var due = new RedisKeys(link.Options.Prefix, partition).Due;
        var found = (RedisResult[])(await link.AskAsync("ZRANGEBYSCORE", due, "-inf", (long)untilSeconds, "WITHSCORES", "LIMIT", skip, countMax).WaitAsync(cancel).ConfigureAwait(false))!;
        var sleepers = new List<Sleeper>(found.Length / 2);
        for (var i = 0; i + 1 < found.Length; i += 2)
            sleepers.Add(new Sleeper((byte[])found[i]!, (uint)double.Parse((string)found[i + 1]!, CultureInfo.InvariantCulture)));
        return sleepers;
    }
}
