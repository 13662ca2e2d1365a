using System.Text;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>A read-only table keyed by UTF-8 text without ASCII case; a look-up allocates nothing.</summary>
internal sealed class ByteTable<T> where T : class
{
    private readonly byte[]?[] _keys;
    private readonly T?[] _values;
    private readonly uint[] _hashes;
    private readonly int _mask;

    public ByteTable(IReadOnlyCollection<KeyValuePair<string, T>> entries)
    {
        var size = 16;
        while (size < entries.Count * 3) size *= 2;
        (_keys, _values, _hashes, _mask) = (new byte[size][], new T[size], new uint[size], size - 1);
        foreach (var (text, value) in entries) Add(Encoding.UTF8.GetBytes(text.ToLowerInvariant()), value);
    }

    public int Count { get; private set; }

    public T? Find(ReadOnlySpan<byte> key) => Find(key, LabelHash.Of(key));

    /// <param name="hash"><see cref="LabelHash.Of"/> of the key.</param>
    public T? Find(ReadOnlySpan<byte> key, uint hash)
    {
        var hashes = _hashes;
        var slot = (int)hash & _mask;
        for (; (uint)slot < (uint)hashes.Length && hashes[slot] != 0; slot = (slot + 1) & _mask)
            if (hashes[slot] == hash && Bytes.Same(key, _keys[slot])) return _values[slot];
        return null;
    }

    // Of two entries with one key the first stands: lists are ordered by importance.
    private void Add(byte[] key, T value)
    {
        var hash = LabelHash.Of(key);
        var slot = (int)hash & _mask;
        for (; _keys[slot] is { } found; slot = (slot + 1) & _mask)
            if (Bytes.Same(key, found)) return;
        (_keys[slot], _values[slot], _hashes[slot]) = (key, value, hash);
        Count++;
    }
}
