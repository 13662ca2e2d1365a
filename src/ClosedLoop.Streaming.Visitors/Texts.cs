namespace ClosedLoop.Streaming.Visitors;

/// <summary>Texts one after another, each with its length in front, as tables of a state lie in its bytes. Read in place.</summary>
/// <param name="bytes">The texts.</param>
/// <param name="count">How many they are.</param>
public readonly ref struct Texts(ReadOnlySpan<byte> bytes, int count)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;
    public int Count { get; } = count;

    /// <summary>The index of an equal text, or −1.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        // All bytes at once first: most texts that are looked for are new.
        if (Bytes.IndexOf(text) < 0) return -1;
        var rest = Bytes;
        for (var i = 0; i < Count; i++)
        {
            var one = Next(ref rest);
            if (one.Length == text.Length && one.SequenceEqual(text)) return i;
        }
        return -1;
    }

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var rest = Bytes;
            for (; index > 0; index--) Next(ref rest);
            return Next(ref rest);
        }
    }

    /// <summary>Whether one is equal, or begins so.</summary>
    public bool Any(ReadOnlySpan<byte> text, bool prefix)
    {
        if (!prefix) return Find(text) >= 0;
        if (Bytes.IndexOf(text) < 0) return false;
        var rest = Bytes;
        for (var i = 0; i < Count; i++)
            if (Next(ref rest).StartsWith(text)) return true;
        return false;
    }

    /// <summary>A table: number, bytes, and the texts; moves the reader behind them.</summary>
    /// <exception cref="StateFormatException">The bytes are of another format.</exception>
    public static Texts Read(scoped ref BlobReader from, int max)
    {
        var count = from.Count(max);
        return new Texts(count == 0 ? default : from[from.Text()], count);
    }

    /// <summary>One after another.</summary>
    public Walk GetEnumerator() => new(Bytes, Count);

    public ref struct Walk(ReadOnlySpan<byte> rest, int left)
    {
        private ReadOnlySpan<byte> _rest = rest;
        private int _left = left;

        public ReadOnlySpan<byte> Current { get; private set; }

        public bool MoveNext()
        {
            if (_left-- <= 0) return false;
            Current = Next(ref _rest);
            return true;
        }
    }

    private static ReadOnlySpan<byte> Next(scoped ref ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty) throw new StateFormatException(0);
        int length = rest[0], at = 1;
        if (length >= 0x80)
        {
            at = Events.Varint.Read(rest, out var value);
            length = value < int.MaxValue ? (int)value : int.MaxValue;
        }
        if (at == 0 || length > rest.Length - at) throw new StateFormatException(0);
        var text = rest.Slice(at, length);
        rest = rest[(at + length)..];
        return text;
    }
}
