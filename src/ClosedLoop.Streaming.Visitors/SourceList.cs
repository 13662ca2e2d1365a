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

    /// <summary>A source as it is written.</summary>
    internal ReadOnlySpan<byte> Raw(int index) => history[_entries[index]];

    /// <summary>Source, medium, campaign, term, content, click id and network: the second to the eighth text.</summary>
    internal static bool IsSameCampaign(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var a = new BlobReader(one);
        var b = new BlobReader(other);
        a.Text();
        b.Text();
        for (var place = 1; place <= 7; place++)
            if (!a[a.Text()].SequenceEqual(b[b.Text()])) return false;
        return true;
    }

    /// <summary>One text of a source, by its place in <see cref="SourceEntry"/>: 0 is the channel.</summary>
    internal ReadOnlySpan<byte> TextOf(int index, int place) => TextOf(Raw(index), place);

    internal static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> raw, int place)
    {
        var from = new BlobReader(raw);
        for (; place > 0; place--) from.Text();
        return from[from.Text()];
    }

    /// <summary>The index of an equal source, −1 when there is none; <see cref="AddLast"/> then adds it.</summary>
    internal int Find(scoped in ResolvedSource source)
    {
        Write(source, _candidate);
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
        var bytes = _adopted.Length;
        for (var i = _adoptedCount; i < _entries.Count; i++) bytes += BlobWriter.BytesOf(_entries[i].Length);
        to.Unsigned((ulong)bytes);
        to.Raw(history[_adopted]);
        for (var i = _adoptedCount; i < _entries.Count; i++) to.Text(history[_entries[i]]);
    }

    internal void ReadFrom(ref BlobReader from)
    {
        var count = from.Count(Limits.SourcesMax);
        var bytes = from.Unsigned();
        var start = from.At;
        for (var i = 0; i < count; i++) _entries.Add(from.Text());
        if ((ulong)(from.At - start) != bytes) throw new StateFormatException(start);
        (_adopted, _adoptedCount) = (new TextRef(start, from.At - start), count);
    }

    /// <summary>A source as it is written, in place of what the writer held.</summary>
    internal static void Write(scoped in ResolvedSource source, BlobWriter to)
    {
        to.Clear();
        to.Text(Cut(source.Channel));
        to.Text(Cut(source.Source));
        to.Text(Cut(source.Medium));
        to.Text(Cut(source.Campaign));
        to.Text(Cut(source.Term));
        to.Text(Cut(source.Content));
        to.Text(Cut(source.ClickId));
        to.Text(Cut(source.Network));
        to.Text(Cut(source.RefrMedium));
        to.Text(Cut(source.RefrSource));
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text) => text.Length <= Limits.TextBytesMax ? text : Utf8Cut.To(text, Limits.TextBytesMax);

    private static TextRef Next(ref BlobReader from, int start)
    {
        var text = from.Text();
        return new TextRef(start + text.Offset, text.Length);
    }
}
