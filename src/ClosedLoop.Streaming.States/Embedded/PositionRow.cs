using System.Buffers.Binary;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.States;

/// <summary>The two copies of a partition's states that the file may hold.</summary>
internal enum CopyKind
{
    /// <summary>What the owner works on.</summary>
    Live = 0,
    /// <summary>The newest whole base snapshot.</summary>
    Base = 1,
}

/// <summary>Where a copy stands: which rows belong to it, which hits it has absorbed. With a checksum of its own.</summary>
internal sealed record PositionRow(int Partition, CopyKind Kind)
{
    /// <summary>Raised by every owner that opens the partition.</summary>
    public long Epoch { get; init; }
    /// <summary>Commits of all owners so far; each commit says which one it follows.</summary>
    public long Commits { get; init; }
    public long Absorbed { get; init; }
    public int Generation { get; init; }
    public ChunkDigest Rows { get; init; }
    public byte[] Counters { get; init; } = [];

    public long Key => KeyOf(Partition, Kind);

    public static long KeyOf(int partition, CopyKind kind) => ((long)partition * 2) + (int)kind;

    public long Checksum()
    {
        var bytes = new byte[64 + Counters.Length];
        var at = 0;
        foreach (var value in (ReadOnlySpan<long>)[Key, Epoch, Commits, Absorbed, Generation, Rows.Rows, Rows.Sequences, Rows.Hashes])
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), value);
            at += 8;
        }
        Counters.CopyTo(bytes, at);
        return (long)XxHash.Hash64(bytes);
    }
}
