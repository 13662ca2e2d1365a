using StackExchange.Redis;

namespace ClosedLoop.Streaming.States;

/// <summary>Reads all states of a partition into an empty shelf, some buckets side by side, each in bounded portions.</summary>
internal sealed class RedisLoader(RedisLink link)
{
    private const int SideBySide = 8;

    /// <exception cref="InvalidDataException">A value is not what was written.</exception>
    public async Task LoadAsync(RedisKeys keys, Shelf shelf, CancellationToken cancel)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, RedisKeys.Buckets), new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancel },
            async (bucket, _) =>
            {
                await foreach (var portion in ScanAsync(keys, bucket, cancel).ConfigureAwait(false))
                    lock (shelf.Gate) Put(shelf, portion);
            }).ConfigureAwait(false);
        // Nothing of this is a change.
        lock (shelf.Gate) shelf.Seal();
    }

    /// <summary>Fields and values in turn; a field may come twice.</summary>
    public async IAsyncEnumerable<RedisResult[]> ScanAsync(RedisKeys keys, int bucket, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var cursor = "0";
        do
        {
            cancel.ThrowIfCancellationRequested();
            var answer = (RedisResult[])(await link.AskAsync("HSCAN", keys.States(bucket), cursor, "COUNT", link.Options.ScanFieldsMax).ConfigureAwait(false))!;
            cursor = (string)answer[0]!;
            yield return (RedisResult[])answer[1]!;
        } while (cursor != "0");
    }

    /// <summary>Due time and state of a value.</summary>
    public static (uint Due, ReadOnlyMemory<byte> State) Parse(byte[] value) => value.Length > RedisKeys.DueBytes
        ? (System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(value), value.AsMemory(RedisKeys.DueBytes))
        : throw new InvalidDataException("a state in Redis is shorter than its due time: something else wrote there. Restore Redis from a backup");

    private static void Put(Shelf shelf, RedisResult[] portion)
    {
        for (var i = 0; i + 1 < portion.Length; i += 2)
        {
            var (due, state) = Parse((byte[])portion[i + 1]!);
            shelf.Put((byte[])portion[i]!, state.Span, due);
        }
    }
}
