using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.Log;

/// <summary>The newest blocks of a lane, at most so many bytes (always at least the last block). Guarded by its lane.</summary>
internal sealed class Tail(int bytesMax)
{
    private Block[] _blocks = new Block[16];
    private int _head;
    private int _count;
    private long _bytes;

    private readonly record struct Block(long First, int Count, ReadOnlyMemory<byte> Bytes);

    public void Add(long first, int count, ReadOnlyMemory<byte> bytes)
    {
        _bytes += bytes.Length;
        if (_count == 0 || !TryGrow(first, count, bytes))
        {
            if (_count == _blocks.Length) Enlarge();
            _blocks[(_head + _count++) & (_blocks.Length - 1)] = new Block(first, count, bytes);
        }
        while (_count > 1 && _bytes > bytesMax)
        {
            _bytes -= _blocks[_head].Bytes.Length;
            _blocks[_head] = default;
            _head = (_head + 1) & (_blocks.Length - 1);
            _count--;
        }
    }

    public bool TryRead(long from, int sliceBytesMax, out LogSlice slice)
    {
        slice = default;
        if (_count == 0 || from < At(0).First) return false;
        int low = 0, high = _count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (At(middle).First <= from) low = middle;
            else high = middle - 1;
        }
        ref readonly var block = ref At(low);
        var skip = (int)(from - block.First);
        if (skip >= block.Count) return false;
        var (bytes, count) = Frames.Cut(block.Bytes, block.Count, skip, sliceBytesMax);
        slice = new LogSlice(from, count, bytes);
        return true;
    }

    // Small groups lie side by side in their arena: a reader that lags behind then gets many of them in one slice.
    private bool TryGrow(long first, int count, ReadOnlyMemory<byte> bytes)
    {
        const int MergedBytesMax = 16 * 1024;
        ref var last = ref _blocks[(_head + _count - 1) & (_blocks.Length - 1)];
        if (last.Bytes.Length + bytes.Length > MergedBytesMax || last.First + last.Count != first) return false;
        if (!MemoryMarshal.TryGetArray(last.Bytes, out var before) || !MemoryMarshal.TryGetArray(bytes, out var after)) return false;
        if (before.Array != after.Array || before.Offset + before.Count != after.Offset) return false;
        last = new Block(last.First, last.Count + count, new ReadOnlyMemory<byte>(before.Array, before.Offset, before.Count + after.Count));
        return true;
    }

    private void Enlarge()
    {
        var larger = new Block[_blocks.Length * 2];
        for (var i = 0; i < _count; i++) larger[i] = At(i);
        _blocks = larger;
        _head = 0;
    }

    private ref Block At(int index) => ref _blocks[(_head + index) & (_blocks.Length - 1)];
}
