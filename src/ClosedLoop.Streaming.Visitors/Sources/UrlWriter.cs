using System.Buffers;
using System.Text;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>Writes the parts of one address that may be stored; stops at the end of its destination without splitting a character or an escape.</summary>
internal ref struct UrlWriter(Span<byte> destination, RedactedNames redact)
{
    private static readonly SearchValues<byte> Fine = SearchValues.Create([.. Enumerable.Range(0x21, 0x7F - 0x21).Select(b => (byte)b)]);

    private readonly Span<byte> _destination = destination;
    private readonly RedactedNames _redact = redact;

    public int Length { get; private set; }
    public bool Redacted { get; private set; }
    public bool Full { get; private set; }

    public void Write(ReadOnlySpan<byte> url)
    {
        if (PageAddress.TryParse(url, out var address))
        {
            Redacted |= !address.User.IsEmpty;
            WriteLower(address.Scheme);
            Put(address.Scheme.IsEmpty ? "//"u8 : "://"u8);
            WriteLower(address.Host);
            if (!address.Port.IsEmpty) Put(":"u8);
            Put(address.Port);
            WriteRest(address.Path, address.Query, address.Fragment);
            return;
        }
        url = WithoutUser(url);
        var hash = url.IndexOf((byte)'#');
        var fragment = hash < 0 ? default : url[(hash + 1)..];
        if (hash >= 0) url = url[..hash];
        var mark = url.IndexOf((byte)'?');
        WriteRest(mark < 0 ? url : url[..mark], mark < 0 ? default : url[(mark + 1)..], fragment);
    }

    // Browsers also open http:user:password@host and http:/user@host.
    private ReadOnlySpan<byte> WithoutUser(ReadOnlySpan<byte> url)
    {
        var at = 0;
        while (at < url.Length && (Bytes.IsLetter(url[at]) || url[at] is (byte)'-' or (byte)'+' or (byte)'.')) at++;
        if (at < url.Length && url[at] == ':') at++;
        else at = 0;
        var start = at;
        while (at < url.Length && url[at] is (byte)'/' or (byte)'\\') at++;
        // A path of this host may well have an @ (/@name); only behind a scheme or two slashes it parts off a user.
        if (start == 0 && at == 1) return url;
        var rest = url[at..];
        // Cutting one user may bring up another: http:a@//b@host.
        for (var user = UserLength(rest); user > 0; user = UserLength(rest))
        {
            Redacted = true;
            rest = rest[user..].TrimStart("/\\"u8);
        }
        if (rest.Length == url.Length - at) return url;
        Put(url[..at]);
        return rest;
    }

    private static int UserLength(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny("/?#\\"u8);
        return (end < 0 ? text : text[..end]).LastIndexOf((byte)'@') + 1;
    }

    private void WriteRest(ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, ReadOnlySpan<byte> fragment)
    {
        WritePath(path);
        WriteQuery(query, "?"u8);
        if (fragment.IsEmpty) return;
        var start = FragmentQuery.StartOf(fragment);
        var route = fragment[..start].TrimEnd((byte)'?');
        if (!route.IsEmpty) Put("#"u8);
        Put(route);
        WriteQuery(fragment[start..], start == 0 ? "#"u8 : route.IsEmpty ? "#?"u8 : "?"u8);
    }

    // Some servers carry parameters in the path: /cart;jsessionid=…/item
    private void WritePath(ReadOnlySpan<byte> path)
    {
        for (var mark = path.IndexOf((byte)';'); mark >= 0; mark = path.IndexOf((byte)';'))
        {
            Put(path[..mark]);
            path = path[mark..];
            var end = path[1..].IndexOfAny(";/"u8) + 1;
            var parameter = end <= 0 ? path : path[..end];
            var equals = parameter.IndexOf((byte)'=');
            if (equals > 0 && _redact.Contains(parameter[1..equals])) Redacted = true;
            else Put(parameter);
            path = path[parameter.Length..];
        }
        Put(path);
    }

    private void WriteQuery(ReadOnlySpan<byte> query, ReadOnlySpan<byte> lead)
    {
        while (!query.IsEmpty && !Full)
        {
            var end = query.IndexOf((byte)'&');
            var pair = end < 0 ? query : query[..end];
            QueryText.Next(ref query, out var name, out var value);
            if (pair.IsEmpty) continue;
            if (_redact.Contains(name) || (!value.IsEmpty && _redact.IsHiddenIn(value)))
            {
                Redacted = true;
                continue;
            }
            Put(lead);
            Put(pair);
            lead = "&"u8;
        }
    }

    private void WriteLower(ReadOnlySpan<byte> text)
    {
        Span<byte> lower = stackalloc byte[PageAddress.HostBytesMax];
        text = text[..Math.Min(text.Length, lower.Length)];
        for (var at = 0; at < text.Length; at++) lower[at] = Bytes.Fold(text[at]);
        Put(lower[..text.Length]);
    }

    private void Put(scoped ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && !Full)
        {
            var fine = text.IndexOfAnyExcept(Fine);
            if (fine != 0)
            {
                Add(fine < 0 ? text : text[..fine]);
                text = fine < 0 ? default : text[fine..];
                continue;
            }
            var status = Rune.DecodeFromUtf8(text, out var rune, out var consumed);
            if (status == OperationStatus.Done && rune.Value > 0x9F) AddWhole(text[..consumed]);
            else
                foreach (var b in text[..consumed]) AddWhole([(byte)'%', "0123456789ABCDEF"u8[b >> 4], "0123456789ABCDEF"u8[b & 15]]);
            text = text[consumed..];
        }
    }

    private void Add(scoped ReadOnlySpan<byte> ascii)
    {
        var room = _destination.Length - Length;
        if (ascii.Length > room)
        {
            Full = true;
            ascii = ascii[..room];
            // Half an escape at the end would decode to something else.
            var percent = ascii.LastIndexOf((byte)'%');
            if (percent >= 0 && percent > ascii.Length - 3) ascii = ascii[..percent];
        }
        ascii.CopyTo(_destination[Length..]);
        Length += ascii.Length;
    }

    private void AddWhole(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _destination.Length - Length)
        {
            Full = true;
            return;
        }
        bytes.CopyTo(_destination[Length..]);
        Length += bytes.Length;
    }
}
