using System.Net;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Streaming.Collector;

/// <summary>What a request says about who sends it: read once per request, the same way at every public door.</summary>
internal struct Caller
{
    public bool Secure;
    public bool GlobalPrivacyControl, DoNotTrack, Anonymous;
    public bool HasCookie;
    public CookieReading Cookie;
    public IPAddress? Address;
    public string? UserAgent, Language, Referer, Country;
    public IHeaderDictionary Headers;
}

/// <summary>Whether the hit of a visitor may be kept as theirs (FIELD.md §11).</summary>
/// <param name="Reason">Null: yes. Otherwise gpc, dnt, consent or anonymous: only totals.</param>
/// <param name="Given">True when this visitor said yes to this site.</param>
internal readonly record struct Permission(string? Reason, bool Given)
{
    public bool Tracks => Reason is null;
}

/// <summary>Reads a <see cref="Caller"/> from a request, and judges what it permits.</summary>
internal sealed class CallerReader(CollectorOptions options, VisitorCookie cookie)
{
    private readonly ClientAddress _addresses = new(options.TrustedProxies);

    public Caller Read(IHttpRequestFeature request, IHttpConnectionFeature? connection)
    {
        var headers = request.Headers;
        var caller = new Caller { Headers = headers, Secure = request.Scheme == "https" };
        caller.Address = _addresses.Read(connection?.RemoteIpAddress, headers, ref caller.Secure, out var trusted);
        caller.UserAgent = headers.UserAgent;
        caller.Language = headers.AcceptLanguage;
        caller.Referer = headers.Referer;
        if (trusted && options.CountryHeader is { } country) caller.Country = headers[country];
        caller.GlobalPrivacyControl = headers["Sec-GPC"] == "1";
        caller.DoNotTrack = headers["DNT"] == "1";
        caller.Anonymous = headers["SP-Anonymous"].Count > 0;
        ReadCookie(ref caller);
        return caller;
    }

    private void ReadCookie(ref Caller caller)
    {
        var values = caller.Headers.Cookie;
        if (values.Count == 0) return;
        var found = new CookieHeader(values, CookieWriter.VisitorName(caller.Secure));
        // More than a few of one name is nobody's browser; checking each costs a hash.
        for (var tries = 0; tries < 4 && found.MoveNext(); tries++)
        {
            if (!cookie.TryRead(found.Current, out caller.Cookie)) continue;
            caller.HasCookie = true;
            return;
        }
    }

    /// <summary>An opt-out by signal stands above everything; then what the visitor told this site; then the site's default.</summary>
    public static Permission Permits(in Caller caller, Site site)
    {
        if (caller.GlobalPrivacyControl) return new("gpc", false);
        if (caller.DoNotTrack && site.HonourDoNotTrack) return new("dnt", false);
        if (caller.Anonymous) return new("anonymous", false);
        return ConsentCookie.Read(caller.Headers.Cookie, caller.Secure, site.Id) switch
        {
            Choice.Denied => new("consent", false),
            Choice.Accepted => new(null, true),
            _ => new(site.Consent == ConsentMode.OptIn ? "consent" : null, false),
        };
    }
}
