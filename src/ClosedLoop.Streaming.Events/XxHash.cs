using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.Events;

/// <summary>
/// xxHash64 (the public specification of Yann Collet's hash). Written here because partition numbers and derived ids
/// are frozen on disk for ever, and the pure rooms take no package.
/// </summary>
public static class XxHash
{
    private const ulong P1 = 11400714785074694791UL;
    private const ulong P2 = 14029467366897019727UL;
    private const ulong P3 = 1609587929392839161UL;
    private const ulong P4 = 9650029242287828579UL;
    private const ulong P5 = 2870177450012600261UL;

    /// <summary>64-bit hash of any bytes.</summary>
    public static ulong Hash64(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        // Reads by offset: slicing a span again and again would cost as much as the hash.
        ref var start = ref MemoryMarshal.GetReference(bytes);
        var at = 0;
        var length = bytes.Length;
        var hash = length >= 32 ? Stripes(ref start, ref at, length, seed) : seed + P5;
        hash += (ulong)length;
        for (; length - at >= 8; at += 8)
        {
            hash ^= Round(0, Word(ref start, at));
            hash = BitOperations.RotateLeft(hash, 27) * P1 + P4;
        }
        if (length - at >= 4)
        {
            hash ^= Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, at)) * P1;
            hash = BitOperations.RotateLeft(hash, 23) * P2 + P3;
            at += 4;
        }
        for (; at < length; at++)
        {
            hash ^= Unsafe.Add(ref start, at) * P5;
            hash = BitOperations.RotateLeft(hash, 11) * P1;
        }
        return Avalanche(hash);
    }

    private static ulong Stripes(ref byte start, ref int at, int length, ulong seed)
    {
        ulong a = seed + P1 + P2, b = seed + P2, c = seed, d = seed - P1;
        for (; length - at >= 32; at += 32)
        {
            a = Round(a, Word(ref start, at));
            b = Round(b, Word(ref start, at + 8));
            c = Round(c, Word(ref start, at + 16));
            d = Round(d, Word(ref start, at + 24));
        }
        var hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7)
            + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
        return Merge(Merge(Merge(Merge(hash, a), b), c), d);
    }

    // Little-endian, as every processor that .NET runs on by default.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ref byte start, int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));

    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + input * P2, 31) * P1;

    private static ulong Merge(ulong hash, ulong lane) => (hash ^ Round(0, lane)) * P1 + P4;

    private static ulong Avalanche(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * P2;
        hash = (hash ^ (hash >> 29)) * P3;
        return hash ^ (hash >> 32);
    }
}
