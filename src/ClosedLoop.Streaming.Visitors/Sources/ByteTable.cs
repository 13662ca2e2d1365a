using System.Text;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>
/// A read-only table keyed by UTF-8 text without ASCII case. The hash runs from the right, so that the hashes of all suffixes of a host
/// come out of one pass; nothing is allocated by a look-up.
/// </summary>
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

    public T? Find(ReadOnlySpan<byte> key) => Find(key, SuffixHash.Of(key));

    public T? Find(ReadOnlySpan<byte> key, uint hash)
    {
        for (var slot = Slot(hash); _keys[slot] is { } found; slot = (slot + 1) & _mask)
            if (_hashes[slot] == hash && Bytes.Same(key, found)) return _values[slot];
        return null;
    }

    // Of two entries with one key the first stands: lists are ordered by importance.
    private void Add(byte[] key, T value)
    {
        var hash = SuffixHash.Of(key);
        var slot = Slot(hash);
        for (; _keys[slot] is { } found; slot = (slot + 1) & _mask)
            if (Bytes.Same(key, found)) return;
        (_keys[slot], _values[slot], _hashes[slot]) = (key, value, hash);
        Count++;
    }

    private int Slot(uint hash) => (int)(hash ^ (hash >> 15)) & _mask;
}

/// <summary>FNV-1a over the bytes from right to left, without ASCII case.</summary>
internal static class SuffixHash
{
    public const uint Seed = 2166136261;

    public static uint Next(uint hash, byte b) => (hash ^ Bytes.Fold(b)) * 16777619;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed;
        for (var at = bytes.Length - 1; at >= 0; at--) hash = Next(hash, bytes[at]);
        return hash;
    }
}
