using System.Buffers.Binary;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// What the rows of one generation are together: number, exclusive-or of their sequences, exclusive-or of their hashes. It is kept with the
/// position, in the same transaction as every change of the rows, so that a row that is missing, foreign or old is noticed,
/// whatever SQLite itself thinks of the file.
/// </summary>
internal readonly record struct ChunkDigest(long Rows, long Sequences, long Hashes)
{
    public ChunkDigest With(long sequence, ulong checksum) => new(Rows + 1, Sequences ^ sequence, Hashes ^ Hash(sequence, checksum));

    public ChunkDigest Without(long sequence, ulong checksum) => new(Rows - 1, Sequences ^ sequence, Hashes ^ Hash(sequence, checksum));

    /// <summary>The one sequence by which two sets of rows differ, when it is only one.</summary>
    public long DifferenceTo(ChunkDigest other) => Sequences ^ other.Sequences;

    private static long Hash(long sequence, ulong checksum)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], checksum);
        return (long)XxHash.Hash64(bytes);
    }
}
