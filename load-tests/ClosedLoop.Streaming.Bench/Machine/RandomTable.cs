using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.Bench.Machine;

/// <summary>
/// The least that keeping something per visitor can cost: an open-addressing table of 64-byte entries, one aligned cache line each, at most
/// three quarters full, outside the garbage collector.
/// </summary>
internal sealed unsafe class RandomTable : IDisposable
{
    private const int EntryWords = 8;

    private readonly ulong* _entries;
    private readonly ulong _mask;

    public RandomTable(long entries)
    {
        var capacity = (ulong)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)(entries * 4 / 3));
        _mask = capacity - 1;
        _entries = (ulong*)NativeMemory.AlignedAlloc((nuint)(capacity * EntryWords * 8), 64);
        NativeMemory.Clear(_entries, (nuint)(capacity * EntryWords * 8));
    }

    /// <summary>Finds or adds the key, and changes every word of its entry. The key isn't 0.</summary>
    public void Touch(ulong key)
    {
        var place = Mix(key) & _mask;
        while (true)
        {
            var entry = _entries + place * EntryWords;
            if (entry[0] == key || entry[0] == 0)
            {
                entry[0] = key;
                for (var word = 1; word < EntryWords; word++) entry[word] += key + (ulong)word;
                return;
            }
            place = (place + 1) & _mask;
        }
    }

    private static ulong Mix(ulong key)
    {
        key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9;
        key = (key ^ (key >> 27)) * 0x94d049bb133111eb;
        return key ^ (key >> 31);
    }

    public void Dispose() => NativeMemory.AlignedFree(_entries);
}
