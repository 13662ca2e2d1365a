namespace ClosedLoop.Streaming.Visitors;

/// <summary>A growing array of structs that is cleared and used again, so that applying a hit allocates nothing once warm.</summary>
public sealed class Slots<T> where T : struct
{
    private T[] _items = new T[4];

    public int Count { get; private set; }

    public ref T this[int index] => ref _items[index];

    public Span<T> Span => _items.AsSpan(0, Count);

    public ref T Last => ref _items[Count - 1];

    public void Clear() => Count = 0;

    public void Add(in T item)
    {
        if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
        _items[Count++] = item;
    }

    public void Insert(int index, in T item)
    {
        Add(item);
        Array.Copy(_items, index, _items, index + 1, Count - 1 - index);
        _items[index] = item;
    }

    public void RemoveRange(int index, int count)
    {
        Array.Copy(_items, index + count, _items, index, Count - index - count);
        Count -= count;
    }

    /// <summary>The items as they lie in memory.</summary>
    public ReadOnlySpan<byte> Bytes => System.Runtime.InteropServices.MemoryMarshal.AsBytes(Span);

    /// <summary>Becomes the items that lie in these bytes.</summary>
    public void FillFrom(ReadOnlySpan<byte> bytes)
    {
        Count = bytes.Length / System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        if (_items.Length < Count) _items = new T[Math.Max(Count, _items.Length * 2)];
        bytes.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_items.AsSpan(0, Count)));
    }

    public void CopyFrom(Slots<T> other)
    {
        if (_items.Length < other.Count) _items = new T[Math.Max(other.Count, _items.Length * 2)];
        other.Span.CopyTo(_items);
        Count = other.Count;
    }
}
