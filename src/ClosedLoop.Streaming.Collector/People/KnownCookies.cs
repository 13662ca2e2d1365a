using System.Security.Cryptography;

namespace ClosedLoop.Streaming.Collector;

/// <summary>
/// Cookie values whose signature was right a moment ago, so that a visitor who walks from page to page is checked once: the keyed hash is a
/// tenth of a hit. Only values that passed the real check get in, a value is known only if all of it is equal, and a new one takes the place of
/// an old one.
/// </summary>
internal sealed class KnownCookies(int valueBytes)
{
    /// <summary>Values remembered at once; a power of two. About 1 MB when full.</summary>
    public const int EntriesMax = 16 * 1024;

    private readonly byte[]?[] _values = new byte[]?[EntriesMax];

    public bool Has(ReadOnlySpan<byte> value) =>
        Volatile.Read(ref _values[Place(value)]) is { } known && CryptographicOperations.FixedTimeEquals(known, value);

    public void Add(ReadOnlySpan<byte> value)
    {
        if (value.Length == valueBytes) Volatile.Write(ref _values[Place(value)], value.ToArray());
    }

    /// <summary>The visitor's id is chance already, so its last bytes say where.</summary>
    private static int Place(ReadOnlySpan<byte> value) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(value[16..]) & (EntriesMax - 1);
}
