using System.Text;
using System.Text.Unicode;

namespace ClosedLoop.Streaming.Collector;

/// <summary>A piece of a buffer.</summary>
internal readonly record struct Slice(int Start, int Length);

/// <summary>
/// The fields of a query string or of an urlencoded body, decoded in place in one reusable buffer. Parsed by hand because the
/// framework's collection makes a dictionary and two strings per field, which is more than all the rest of a pixel hit.
/// Invalid UTF-8 becomes '?'; a broken percent escape stays as it was written. Of a name given twice, the last one counts.
/// </summary>
internal sealed class QueryFields
{
    /// <summary>Fields of one query; further ones are left out and <see cref="Overflowed"/> is set.</summary>
    public const int FieldsMax = 128;

    private readonly Slice[] _names = new Slice[FieldsMax];
    private readonly Slice[] _values = new Slice[FieldsMax];
    private byte[] _bytes = new byte[8 * 1024];

    public int Count { get; private set; }
    public bool Overflowed { get; private set; }

    public ReadOnlySpan<byte> Name(int i) => At(_names[i]);
    public ReadOnlySpan<byte> Value(int i) => At(_values[i]);
    public Slice ValueSlice(int i) => _values[i];
    public ReadOnlySpan<byte> At(Slice slice) => _bytes.AsSpan(slice.Start, slice.Length);

    /// <param name="query">As on the wire, with or without the leading question mark.</param>
    public void Parse(ReadOnlySpan<char> query)
    {
        if (query.StartsWith("?")) query = query[1..];
        var max = Encoding.UTF8.GetMaxByteCount(query.Length);
        if (_bytes.Length < max) _bytes = new byte[max];
        ParseInPlace(Encoding.UTF8.GetBytes(query, _bytes));
    }

    public void Parse(ReadOnlySpan<byte> body)
    {
        if (_bytes.Length < body.Length) _bytes = new byte[body.Length];
        body.CopyTo(_bytes);
        ParseInPlace(body.Length);
    }

    private void ParseInPlace(int length)
    {
        Count = 0;
        Overflowed = false;
        for (var at = 0; at < length;)
        {
            var rest = _bytes.AsSpan(at, length - at);
            var end = rest.IndexOf((byte)'&');
            if (end < 0) end = rest.Length;
            if (end > 0) Pair(at, end);
            at += end + 1;
        }
    }

    private void Pair(int start, int length)
    {
        if (Count == FieldsMax)
        {
            Overflowed = true;
            return;
        }
        var pair = _bytes.AsSpan(start, length);
        var equals = pair.IndexOf((byte)'=');
        var nameLength = equals < 0 ? length : equals;
        _names[Count] = new Slice(start, Decode(pair[..nameLength]));
        var valueStart = equals < 0 ? length : equals + 1;
        _values[Count] = new Slice(start + valueStart, Decode(pair[valueStart..]));
        Count++;
    }

    /// <summary>Decodes '+' and %XX in place; gives the new length, which is never longer.</summary>
    private static int Decode(Span<byte> text)
    {
        var at = text.IndexOfAny((byte)'%', (byte)'+');
        if (at >= 0)
        {
            var to = at;
            while (at < text.Length)
            {
                var b = text[at];
                if (b == '%' && at + 2 < text.Length && Hex(text[at + 1]) is >= 0 and var high && Hex(text[at + 2]) is >= 0 and var low)
                {
                    b = (byte)(high << 4 | low);
                    at += 2;
                }
                else if (b == '+')
                {
                    b = (byte)' ';
                }
                text[to++] = b;
                at++;
            }
            text = text[..to];
        }
        if (!Utf8.IsValid(text)) Mend(text);
        return text.Length;
    }

    private static int Hex(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        _ => -1,
    };

    /// <summary>What is not UTF-8 becomes '?', byte by byte, so that everything behind the door is text.</summary>
    internal static void Mend(Span<byte> text)
    {
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(text, out _, out var consumed);
            if (status != System.Buffers.OperationStatus.Done) text[..consumed].Fill((byte)'?');
            text = text[consumed..];
        }
    }
}
