namespace ClosedLoop.Streaming.Visitors;

/// <summary>
/// The sources of a history, each as it is written: ten texts with their lengths in front. Read only when asked for, because most hits ask for one
/// of them or for none. Only grows.
/// </summary>
public sealed class SourceList(History history)
{
    private readonly Slots<TextRef> _entries = new();
    private readonly BlobWriter _candidate = new();
    private TextRef _adopted;
    private int _adoptedCount;

    public int Count => _entries.Count;

    /// <exception cref="StateFormatException">The bytes are of another format.</exception>
    public SourceEntry this[int index]
    {
        get
        {
            var entry = _entries[index];
            var from = new BlobReader(history[entry]);
            var start = entry.Offset;
            return new SourceEntry(Next(ref from, start), Next(ref from, start), Next(ref from, start), Next(ref from, start), Next(ref from, start),
                Next(ref from, start), Next(ref from, start), Next(ref from, start), Next(ref from, start), Next(ref from, start));
        }
    }

    /// <summary>One text of a source, by its place in <see cref="SourceEntry"/>: 0 is the channel.</summary>
    internal ReadOnlySpan<byte> TextOf(int index, int place)
    {
        var from = new BlobReader(history[_entries[index]]);
        for (; place > 0; place--) from.Text();
        return from[from.Text()];
    }

    /// <summary>The index of an equal source, −1 when there is none; <see cref="AddLast"/> then adds it.</summary>
    internal int Find(scoped in ResolvedSource source)
    {
        _candidate.Clear();
        Write(source.Channel, source.Source, source.Medium, source.Campaign, source.Term);
        Write(source.Content, source.ClickId, source.Network, source.RefrMedium, source.RefrSource);
        var candidate = _candidate.Written;
        for (var i = 0; i < _entries.Count; i++)
            if (history[_entries[i]].SequenceEqual(candidate)) return i;
        return -1;
    }

    /// <summary>Adds what <see cref="Find"/> looked for.</summary>
    internal void AddLast() => _entries.Add(history.Keep(_candidate.Written, int.MaxValue));

    internal void Clear()
    {
        _entries.Clear();
        _adopted = default;
        _adoptedCount = 0;
    }

    internal void WriteTo(BlobWriter to)
    {
        to.Unsigned((ulong)_entries.Count);
        to.Raw(history[_adopted]);
        for (var i = _adoptedCount; i < _entries.Count; i++) to.Text(history[_entries[i]]);
    }

    internal void ReadFrom(ref BlobReader from)
    {
        var count = from.Count(Limits.SourcesMax);
        var start = from.At;
        for (var i = 0; i < count; i++) _entries.Add(from.Text());
        (_adopted, _adoptedCount) = (new TextRef(start, from.At - start), count);
    }

    private void Write(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d, ReadOnlySpan<byte> e)
    {
        _candidate.Text(Cut(a));
        _candidate.Text(Cut(b));
        _candidate.Text(Cut(c));
        _candidate.Text(Cut(d));
        _candidate.Text(Cut(e));
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text) => text.Length <= Limits.TextBytesMax ? text : Utf8Cut.To(text, Limits.TextBytesMax);

    private static TextRef Next(ref BlobReader from, int start)
    {
        var text = from.Text();
        return new TextRef(start + text.Offset, text.Length);
    }
}
