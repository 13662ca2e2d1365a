using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.States;

/// <summary>Slot number → address, so that an entry keeps its number when it moves. Numbers of removed entries are used again.</summary>
internal sealed unsafe class SlotTable : IDisposable
{
    private const uint FreeMark = 1u << 31;
    private const uint NoSlot = FreeMark - 1;

    private uint* _slots;
    private int _capacity;
    private uint _free = NoSlot;

    /// <summary>Numbers ever used; some of them may be free.</summary>
    public int Count { get; private set; }
    public long Bytes => (long)_capacity * sizeof(uint);

    public uint Add(uint address)
    {
        if (_free != NoSlot)
        {
            var slot = _free;
            _free = _slots[slot] & ~FreeMark;
            _slots[slot] = address;
            return slot;
        }
        if (Count == _capacity) Grow();
        _slots[Count] = address;
        return (uint)Count++;
    }

    public void Move(uint slot, uint address) => _slots[slot] = address;

    public void Remove(uint slot)
    {
        _slots[slot] = FreeMark | _free;
        _free = slot;
    }

    /// <summary>Address, or 0 when the number is free or was never used.</summary>
    public uint At(uint slot)
    {
        if (slot >= (uint)Count) return 0;
        var value = _slots[slot];
        return (value & FreeMark) == 0 ? value : 0;
    }

    private void Grow()
    {
        // Large blocks are remapped by the system, not copied.
        _capacity = Math.Max(1024, checked(_capacity + (_capacity / 2)));
        _slots = (uint*)NativeMemory.Realloc(_slots, (nuint)_capacity * sizeof(uint));
    }

    public void Dispose() => NativeMemory.Free(_slots);
}
