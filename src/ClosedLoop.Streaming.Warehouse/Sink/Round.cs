using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Warehouse.Tables;

namespace ClosedLoop.Streaming.Warehouse.Sink;

/// <summary>The facts of one round while they are gathered: sorted into blocks as they come, with the ranges they came from. Reused.</summary>
internal sealed class Round
{
    private long[] _from = [];
    private long[] _to = [];
    private ulong[] _hashes = [];

    public FactSorter Sorter { get; } = new();
    public int Facts { get; private set; }
    public long Bytes { get; private set; }

    public void Begin(IReadOnlyList<long> next)
    {
        Sorter.Clear();
        (Facts, Bytes) = (0, 0);
        _from = [.. next];
        _to = [.. next];
        _hashes = new ulong[next.Count];
    }

    /// <summary>Takes at most <paramref name="factsMax"/> facts of the slice; gives the next offset of that partition.</summary>
    public long Add(int partition, LogSlice slice, int factsMax)
    {
        // Retention or damage may have moved the start: what is gone is gone, the range stays gapless.
        var offset = slice.FirstOffset;
        foreach (var record in slice)
        {
            if (factsMax-- <= 0) break;
            // Chained, so that the hash does not depend on how the log cut its slices.
            _hashes[partition] = XxHash.Hash64(record.Span, _hashes[partition]);
            Sorter.Add(record, new FactPlace(partition, offset++));
            Facts++;
            Bytes += record.Length;
        }
        return _to[partition] = offset;
    }

    public RoundRecord Seal(long epoch, long number)
    {
        Span<byte> all = stackalloc byte[8 * Math.Min(_hashes.Length, 1024)];
        for (var i = 0; i < _hashes.Length; i++)
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(all[(8 * i)..], _hashes[i]);
        return new RoundRecord(epoch, number, [.. _from.Zip(_to, (from, to) => new PartitionRange(from, to))], XxHash.Hash64(all));
    }
}
