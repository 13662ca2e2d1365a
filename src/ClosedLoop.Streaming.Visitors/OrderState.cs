namespace ClosedLoop.Streaming.Visitors;

/// <summary>The state of an order or deal that events name without naming anybody: whose it is, and what waits until that is known. Reusable.</summary>
public sealed class OrderState
{
    private const byte Format = 1;
    /// <summary>Events that wait for their person; further ones are stored in the archive but never reach anybody.</summary>
    public const int WaitingMax = 64;
    public const int WaitingBytesMax = 128 * 1024;

    /// <summary>Actor key of the visitor or lead that bought it or opened it; empty: not known.</summary>
    public byte[] Person { get; set; } = [];
    /// <summary>The person has a deal of this name, and nobody has bought an order of this name so far.</summary>
    public bool Presumed { get; set; }
    /// <summary>Only its memory against repetition is used.</summary>
    public History Known { get; } = new();
    /// <summary>Whole records, in the order in which they came.</summary>
    public List<byte[]> Waiting { get; } = [];

    /// <summary>False when too much waits already.</summary>
    public bool Wait(ReadOnlySpan<byte> record)
    {
        var bytes = record.Length;
        foreach (var waiting in Waiting) bytes += waiting.Length;
        if (Waiting.Count == WaitingMax || bytes > WaitingBytesMax) Known.Capped = true;
        else Waiting.Add(record.ToArray());
        return !Known.Capped;
    }

    public void Clear()
    {
        Person = [];
        Presumed = false;
        Known.Clear();
        Waiting.Clear();
    }

    public void Write(BlobWriter to, BlobWriter scratch)
    {
        to.Unsigned(Format);
        to.Text(Person);
        to.Unsigned(Presumed ? 1UL : 0);
        scratch.Clear();
        HistoryCodec.Write(Known, scratch);
        to.Text(scratch.Written);
        to.Unsigned((ulong)Waiting.Count);
        foreach (var record in Waiting) to.Text(record);
    }

    /// <exception cref="StateFormatException">The bytes are of another format.</exception>
    public void Read(ReadOnlySpan<byte> blob)
    {
        Clear();
        if (blob.IsEmpty) return;
        var from = new BlobReader(blob);
        if (from.Unsigned() != Format) throw new StateFormatException(0);
        Person = from[from.Text()].ToArray();
        Presumed = from.Unsigned() == 1;
        HistoryCodec.Read(Known, from[from.Text()]);
        for (var n = from.Count(WaitingMax); n > 0; n--) Waiting.Add(from[from.Text()].ToArray());
    }
}
