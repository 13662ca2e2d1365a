using System.Globalization;
using System.Security.Cryptography;
using ClosedLoop.Streaming.States;
using StackExchange.Redis;

namespace ClosedLoop.Streaming.Warehouse.Sink;

/// <summary>The book in Redis: one small hash, written whole. Whoever runs the role next finds it, on whatever machine.</summary>
internal sealed class RedisRoundBook(RedisLink redis) : IRoundBook
{
    private readonly RedisKey _key = $"{{{redis.Options.Prefix}.warehouse}}:round";

    /// <exception cref="Log.LogUnavailableException">Redis can't be reached now.</exception>
    public async Task<(long Epoch, RoundRecord? Last)> OpenAsync(CancellationToken cancel)
    {
        // Drawn, not counted: a new Redis beside an old warehouse must not repeat the old one's epochs.
        var epoch = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & long.MaxValue;
        await redis.AskAsync("HSETNX", _key, "epoch", epoch.ToString(CultureInfo.InvariantCulture)).WaitAsync(cancel).ConfigureAwait(false);
        var found = (RedisResult[])(await redis.AskAsync("HMGET", _key, "epoch", "number", "ranges", "content").WaitAsync(cancel).ConfigureAwait(false))!;
        epoch = Number(found[0]);
        return (string?)found[2] is { Length: > 0 } ranges
            ? (epoch, new RoundRecord(epoch, Number(found[1]), RoundRecord.RangesOf(ranges), ulong.Parse((string)found[3]!, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))
            : (epoch, null);
    }

    /// <exception cref="Log.LogUnavailableException">It may or may not have been written; the same round is written again.</exception>
    public async Task WriteAsync(RoundRecord round) => await redis.AskAsync("HSET", _key,
        "epoch", round.Epoch.ToString(CultureInfo.InvariantCulture), "number", round.Number.ToString(CultureInfo.InvariantCulture),
        "ranges", round.Key, "content", round.Content.ToString("x16", CultureInfo.InvariantCulture)).ConfigureAwait(false);

    private static long Number(RedisResult result) => long.Parse((string)result!, CultureInfo.InvariantCulture);
}
