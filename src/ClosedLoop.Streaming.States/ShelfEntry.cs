using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.States;

/// <summary>The 20 bytes in front of a key and its state in the shelf's memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct ShelfEntry
{
    public const int HeaderBytes = 20;
    private const int StateBits = 21;

    public uint Slot;
    /// <summary>Unix seconds; 0: never.</summary>
    public uint Due;
    /// <summary>Low 32 bits of the sequence of the chunk that holds the newest copy.</summary>
    public uint Chunk;
    /// <summary>Bucket of the due index that knows the entry, plus 1; 0: none does.</summary>
    public uint Bucket;
    private uint _lengths;

    public readonly int KeyLength => (int)(_lengths >> StateBits);
    public readonly int StateLength => (int)(_lengths & ((1u << StateBits) - 1));

    public void SetLengths(int key, int state) => _lengths = ((uint)key << StateBits) | (uint)state;

    public readonly int Bytes => HeaderBytes + KeyLength + StateLength;
}
