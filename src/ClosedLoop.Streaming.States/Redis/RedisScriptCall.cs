using System.Globalization;
using StackExchange.Redis;

namespace ClosedLoop.Streaming.States;

/// <summary>One call of a script while it is put together: keys, each once, and arguments.</summary>
internal sealed class RedisScriptCall(string script, params RedisKey[] keys)
{
    // A script argument costs some bytes beside its own.
    private const int OverheadBytes = 16;

    private readonly List<RedisKey> _keys = [.. keys];
    private readonly List<object> _arguments = [];
    private readonly Dictionary<int, string> _buckets = [];

    public int States { get; private set; }

    public long Bytes { get; private set; }

    public RedisScriptCall With(string argument)
    {
        _arguments.Add(argument);
        Bytes += argument.Length + OverheadBytes;
        return this;
    }

    public RedisScriptCall With(long argument) => With(argument.ToString(CultureInfo.InvariantCulture));

    public RedisScriptCall With(byte[] argument)
    {
        _arguments.Add(argument);
        Bytes += argument.Length + OverheadBytes;
        return this;
    }

    public void State(RedisKeys at, ReadOnlySpan<byte> key, uint due, ReadOnlySpan<byte> state)
    {
        var bucket = RedisKeys.BucketOf(key);
        if (!_buckets.TryGetValue(bucket, out var index))
        {
            _keys.Add(at.States(bucket));
            _buckets[bucket] = index = _keys.Count.ToString(CultureInfo.InvariantCulture);
        }
        byte[] value = [];
        if (!state.IsEmpty)
        {
            value = new byte[RedisKeys.DueBytes + state.Length];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(value, due);
            state.CopyTo(value.AsSpan(RedisKeys.DueBytes));
        }
        With(index).With(key.ToArray()).With(due).With(value);
        States++;
    }

    /// <summary>The script's number.</summary>
    public async Task<long> RunAsync(RedisLink link) => (long)await AskAsync(link).ConfigureAwait(false);

    public Task<RedisResult> AskAsync(RedisLink link) =>
        link.AskAsync("EVAL", [script, _keys.Count.ToString(CultureInfo.InvariantCulture), .. _keys.Cast<object>(), .. _arguments]);
}
