namespace ClosedLoop.Streaming.Collector;

/// <summary>
/// Writes Set-Cookie lines. Over https the names carry <c>__Host-</c>, which a browser accepts only with Secure and Path=/ and
/// never from a subdomain; over plain http neither prefix nor Secure would be accepted (FIELD.md §12).
/// </summary>
internal sealed class CookieWriter
{
    private readonly VisitorCookie _cookie;
    private readonly string _plainTail, _secureTail;

    public CookieWriter(VisitorCookie cookie, CollectorOptions options)
    {
        _cookie = cookie;
        var age = options.CookieDays * 86_400L;
        _plainTail = $"; Max-Age={age}; Path=/; HttpOnly; SameSite=Lax";
        _secureTail = $"; Max-Age={age}; Path=/; Secure; HttpOnly; SameSite=Lax";
    }

    public static string VisitorName(bool secure) => secure ? "__Host-cl" : "cl";

    public static string ConsentName(bool secure) => secure ? "__Host-cl_consent" : "cl_consent";

    /// <summary>The whole header line for this visitor, written today.</summary>
    public string Visitor(Id visitor, int today, bool secure)
    {
        var name = VisitorName(secure);
        var tail = secure ? _secureTail : _plainTail;
        return string.Create(name.Length + 1 + VisitorCookie.Characters + tail.Length, (this, visitor, today, name, tail), static (line, s) =>
        {
            s.name.CopyTo(line);
            line[s.name.Length] = '=';
            s.Item1._cookie.Write(s.visitor, s.today, line.Slice(s.name.Length + 1, VisitorCookie.Characters));
            s.tail.CopyTo(line[(s.name.Length + 1 + VisitorCookie.Characters)..]);
        });
    }

    public string Consent(string value, bool secure) => ConsentName(secure) + "=" + value + (secure ? _secureTail : _plainTail);

    /// <summary>Takes the visitor's cookie back.</summary>
    public static string Forget(bool secure) =>
        VisitorName(secure) + "=; Max-Age=0; Path=/; " + (secure ? "Secure; " : "") + "HttpOnly; SameSite=Lax";
}
