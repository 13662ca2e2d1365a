using System.Text;

namespace ClosedLoop.Streaming.Integration.Tests.Malformed;

/// <summary>Spoils good requests in ways that happen and in ways that are meant; the same seed spoils them the same way.</summary>
internal sealed class Spoiler(int seed)
{
    private static readonly string[] _nasty =
    [
        "%00", "%", "%zz", "%C0%AF", "%F0%9F", "\0", "\r\n", "\n", "\t", "../", "..%2f", "<script>", "'", "\"", "\\", "{", "}", "[[[[[[[[[[[[[[[[[[[[", "]", ":", ",", "&&&&", "====", ";",
        "1e999", "-0", "99999999999999999999999999", "NaN", "null", "true", "\u0000", "\u202e", "\ud83d\ude00", "İ", "ſ", "%EF%BB%BF", "\uFEFF", "0x1p-3", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999+14:00",
        "\"\\ud800\"", "{{{{", "$where", "${jndi:x}", "http://[::1]:1/", "https://a@b:99999/", "javascript:alert(1)", "data:,x", "//evil.example", "\\\\evil.example",
    ];

    private static readonly string[] _headers =
    [
        "Transfer-Encoding: chunked\r\n", "Content-Length: 5\r\n", "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n", "Host: other\r\n", "Cookie: cl=" + new string('x', 5000) + "\r\n",
        "Content-Encoding: gzip\r\n", "Expect: 100-continue\r\n", "Upgrade: h2c\r\n", "Content-Type: text/plain\r\n", "Authorization: Bearer " + new string('k', 3000) + "\r\n", "Authorization: Basic !!!\r\n",
        "X: \u0001\r\n", ": empty\r\n", "No colon here\r\n", " folded\r\n", "Cookie: ;;;=;cl=;\r\n", "Referer: \u00e4\u00f6\r\n", "Accept: \r\n", "Range: bytes=0-\r\n", "X-Forwarded-For: [[[\r\n",
    ];

    private static readonly string[] _methods = ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "G\0T", ""];

    private readonly Random _dice = new(seed);

    public byte[] Next()
    {
        var bytes = GoodRequests.All[_dice.Next(GoodRequests.All.Count)];
        for (var ways = _dice.Next(1, 4); ways > 0; ways--) bytes = Spoil(bytes);
        return bytes;
    }

    private byte[] Spoil(byte[] bytes) => _dice.Next(12) switch
    {
        0 => bytes[.._dice.Next(bytes.Length + 1)],
        1 => Flip(bytes),
        2 => Insert(bytes, Noise(_dice.Next(1, 40))),
        3 or 4 or 5 => Insert(bytes, Encoding.UTF8.GetBytes(_nasty[_dice.Next(_nasty.Length)])),
        6 or 7 => AfterFirstLine(bytes, Encoding.UTF8.GetBytes(_headers[_dice.Next(_headers.Length)])),
        8 => Method(bytes),
        9 => Long(bytes),
        10 => Cut(bytes),
        _ => Body(bytes),
    };

    private byte[] Flip(byte[] bytes)
    {
        bytes = [.. bytes];
        for (var times = _dice.Next(1, 6); times > 0 && bytes.Length > 0; times--) bytes[_dice.Next(bytes.Length)] ^= (byte)(1 << _dice.Next(8));
        return bytes;
    }

    private byte[] Insert(byte[] bytes, byte[] what)
    {
        var at = _dice.Next(bytes.Length + 1);
        return [.. bytes[..at], .. what, .. bytes[at..]];
    }

    private static byte[] AfterFirstLine(byte[] bytes, byte[] what)
    {
        var at = bytes.AsSpan().IndexOf("\r\n"u8);
        return at < 0 ? bytes : [.. bytes[..(at + 2)], .. what, .. bytes[(at + 2)..]];
    }

    private byte[] Method(byte[] bytes)
    {
        var at = bytes.AsSpan().IndexOf((byte)' ');
        return at < 0 ? bytes : [.. Encoding.UTF8.GetBytes(_methods[_dice.Next(_methods.Length)]), .. bytes[at..]];
    }

    // Longer than a limit, or just about.
    private byte[] Long(byte[] bytes) => Insert(bytes, Enumerable.Repeat((byte)"a1%&=[{,"[_dice.Next(8)], (int)Math.Pow(2, _dice.Next(8, 18)) + _dice.Next(-2, 3)).ToArray());

    private byte[] Cut(byte[] bytes)
    {
        if (bytes.Length < 2) return bytes;
        var from = _dice.Next(bytes.Length);
        return [.. bytes[..from], .. bytes[Math.Min(bytes.Length, from + _dice.Next(1, 60))..]];
    }

    // The head stays whole, so that the body is read.
    private byte[] Body(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0 || end + 4 == bytes.Length) return Flip(bytes);
        var body = bytes[(end + 4)..];
        for (var times = _dice.Next(1, 5); times > 0 && body.Length > 0; times--)
        {
            var nasty = Encoding.UTF8.GetBytes(_nasty[_dice.Next(_nasty.Length)]);
            nasty.AsSpan(0, Math.Min(nasty.Length, body.Length)).CopyTo(body.AsSpan(_dice.Next(body.Length - Math.Min(nasty.Length, body.Length) + 1)));
        }
        return [.. bytes[..(end + 4)], .. body];
    }

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        _dice.NextBytes(noise);
        return noise;
    }
}
