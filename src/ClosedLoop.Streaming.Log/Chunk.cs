using System.Buffers.Binary;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// One row: the records of one group for one lane. <see cref="Sum"/> covers all columns, so that a flipped bit shows in the chunk alone;
/// <see cref="Chain"/> hashes the chain before it with the sum, so that a chunk which is missing or was put there shows in the next.
/// </summary>
internal readonly record struct Chunk(
    Topic Topic, int Partition, long First, int Count, long TimeMs, long Total, long Sum, long Chain, ReadOnlyMemory<byte> Bytes)
{
    private const int HeadBytes = 40;

    public long Next => First + Count;

    public LaneHead Head => new(Next, Chain, Total);

    public static Chunk Make(Lane lane, int count, long timeMs, ReadOnlyMemory<byte> bytes)
    {
        var head = lane.Head;
        var chunk = new Chunk(lane.Topic, lane.Partition, head.Next, count, timeMs, head.Total + bytes.Length, 0, 0, bytes);
        var sum = chunk.SumOf();
        return chunk with { Sum = sum, Chain = ChainOf(head.Chain, sum) };
    }

    public bool IsWhole => Count > 0 && SumOf() == Sum;

    public bool Follows(long previousChain) => ChainOf(previousChain, Sum) == Chain;

    private long SumOf()
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(head, (int)Topic);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], Partition);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], First);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], TimeMs);
        BinaryPrimitives.WriteInt64LittleEndian(head[24..], Total);
        BinaryPrimitives.WriteInt32LittleEndian(head[32..], Count);
        BinaryPrimitives.WriteInt32LittleEndian(head[36..], Bytes.Length);
        return (long)XxHash.Hash64(Bytes.Span, XxHash.Hash64(head));
    }

    private static long ChainOf(long previous, long sum)
    {
        Span<byte> both = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(both, previous);
        BinaryPrimitives.WriteInt64LittleEndian(both[8..], sum);
        return (long)XxHash.Hash64(both);
    }
}
