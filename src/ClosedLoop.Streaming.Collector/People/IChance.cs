using System.Security.Cryptography;

namespace ClosedLoop.Streaming.Collector;

/// <summary>Chance comes in through the door: unguessable bytes for ids. A test hands in its own.</summary>
public interface IChance
{
    void Fill(Span<byte> bytes);
}

/// <summary>The operating system's generator, asked for a block at a time per thread, because one call per id costs more than the id.</summary>
public sealed class SystemChance : IChance
{
    private const int BlockBytes = 1024;

    [ThreadStatic] private static byte[]? t_block;
    [ThreadStatic] private static int t_used;

    public void Fill(Span<byte> bytes)
    {
        if (bytes.Length > 64)
        {
            RandomNumberGenerator.Fill(bytes);
            return;
        }
        var block = t_block;
        if (block is null || t_used + bytes.Length > BlockBytes)
        {
            t_block = block ??= new byte[BlockBytes];
            RandomNumberGenerator.Fill(block);
            t_used = 0;
        }
        var source = block.AsSpan(t_used, bytes.Length);
        source.CopyTo(bytes);
        // Handed out once: what is left in memory afterwards says nothing about an id.
        source.Clear();
        t_used += bytes.Length;
    }
}

internal static class ChanceIds
{
    /// <summary>A visitor's id: 128 bits of chance.</summary>
    public static Id NewVisitor(this IChance chance)
    {
        Span<byte> bytes = stackalloc byte[Id.Bytes];
        chance.Fill(bytes);
        return Id.Read(bytes);
    }

    /// <summary>A hit's id: collector time and 80 bits of chance.</summary>
    public static Id NewHit(this IChance chance, long nowMs)
    {
        Span<byte> bytes = stackalloc byte[10];
        chance.Fill(bytes);
        return Id.AtDoor(nowMs, System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes[2..]));
    }
}
