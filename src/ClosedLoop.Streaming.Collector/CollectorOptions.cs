using System.Net;

namespace ClosedLoop.Streaming.Collector;

/// <summary>Settings of the doors. Every limit has its unit in its name; the defaults are those of CONTRACT.md §2.</summary>
public sealed class CollectorOptions
{
    /// <summary>Request line: method, target, version and the line's end. Longer: 414.</summary>
    public int RequestLineBytesMax { get; set; } = 8 * 1024;
    /// <summary>All header lines together. More: 431.</summary>
    public int HeaderBytesMax { get; set; } = 16 * 1024;
    /// <summary>Number of header lines. More: 431.</summary>
    public int HeaderCountMax { get; set; } = 64;
    /// <summary>Body of <c>/f</c> and <c>/c</c>. Longer: 413.</summary>
    public int FormBytesMax { get; set; } = 64 * 1024;
    /// <summary>Any other body. Longer: 413.</summary>
    public int BodyBytesMax { get; set; } = 1024 * 1024;
    /// <summary>Nesting of JSON, the outermost value included. Deeper: 400.</summary>
    public int JsonDepthMax { get; set; } = 16;
    /// <summary>Events of one request; further ones are refused by name.</summary>
    public int BatchEventsMax { get; set; } = 1_000;
    /// <summary>Bytes of a refused hit's payload that are kept.</summary>
    public int RefusedPayloadBytesMax { get; set; } = 16 * 1024;
    /// <summary>Connections at once.</summary>
    public int ConnectionsMax { get; set; } = 10_000;
    /// <summary>Seconds that a request's headers may take.</summary>
    public int HeadersSecondsMax { get; set; } = 8;
    /// <summary>Seconds that an idle connection is kept.</summary>
    public int IdleSecondsMax { get; set; } = 10;

    /// <summary>Days that cookies live; some regulators allow 13 months, so at most 390 (FIELD.md §12).</summary>
    public int CookieDays { get; set; } = 390;
    /// <summary>Days after which a returning visitor's cookie is written again.</summary>
    public int CookieRefreshDays { get; set; } = 1;
    /// <summary>Hours that a time given without a key may lie back.</summary>
    public int PublicPastHoursMax { get; set; } = 72;
    /// <summary>Minutes that any given time may lie ahead of the collector's.</summary>
    public int AheadMinutesMax { get; set; } = 5;
    /// <summary>Seconds in the Retry-After header of a 503.</summary>
    public int RetryAfterSeconds { get; set; } = 1;

    /// <summary>Addresses are cut to /24 (IPv4) and /48 (IPv6) before the log.</summary>
    public bool TruncateAddresses { get; set; } = true;
    /// <summary>CIDR ranges of proxies whose forwarded headers count; CLOSEDLOOP_TRUSTED_PROXIES.</summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];
    /// <summary>Header in which a trusted proxy names the visitor's country (two letters); null: none.</summary>
    public string? CountryHeader { get; set; }
    /// <summary>A form field that people leave empty; whoever fills it is kept as a bot of class <c>honeypot</c>. Null: none.</summary>
    public string? HoneypotField { get; set; } = "website_confirm";
    /// <summary>Lower-case hex SHA-256 of the admin key; empty: no admin key opens the events door.</summary>
    public string AdminKeySha256 { get; set; } = "";
    /// <summary>The fetched list of crawlers' agents (crawler-user-agents.json); null: looked for in the artifacts folder. Without one, our own small list alone.</summary>
    public string? AgentListPath { get; set; }
    /// <summary>Date in <c>/.well-known/gpc.json</c>, YYYY-MM-DD.</summary>
    public string GpcUpdated { get; set; } = "2026-11-21";

    /// <summary>Every mistake in these settings as a sentence: what was wrong, what is allowed. Empty: none.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        Range(mistakes, nameof(RequestLineBytesMax), RequestLineBytesMax, 1024, 64 * 1024, "bytes");
        Range(mistakes, nameof(HeaderBytesMax), HeaderBytesMax, 1024, 256 * 1024, "bytes");
        Range(mistakes, nameof(HeaderCountMax), HeaderCountMax, 8, 1024, "headers");
        Range(mistakes, nameof(FormBytesMax), FormBytesMax, 1024, 128 * 1024, "bytes");
        Range(mistakes, nameof(BodyBytesMax), BodyBytesMax, 1024, 16 * 1024 * 1024, "bytes");
        Range(mistakes, nameof(JsonDepthMax), JsonDepthMax, 4, 64, "levels");
        Range(mistakes, nameof(BatchEventsMax), BatchEventsMax, 1, 10_000, "events");
        Range(mistakes, nameof(RefusedPayloadBytesMax), RefusedPayloadBytesMax, 256, 128 * 1024, "bytes");
        Range(mistakes, nameof(ConnectionsMax), ConnectionsMax, 16, 1_000_000, "connections");
        Range(mistakes, nameof(HeadersSecondsMax), HeadersSecondsMax, 1, 60, "seconds");
        Range(mistakes, nameof(IdleSecondsMax), IdleSecondsMax, 1, 600, "seconds");
        Range(mistakes, nameof(CookieDays), CookieDays, 1, 390, "days");
        Range(mistakes, nameof(CookieRefreshDays), CookieRefreshDays, 1, 30, "days");
        Range(mistakes, nameof(PublicPastHoursMax), PublicPastHoursMax, 0, 72, "hours");
        Range(mistakes, nameof(AheadMinutesMax), AheadMinutesMax, 0, 60, "minutes");
        Range(mistakes, nameof(RetryAfterSeconds), RetryAfterSeconds, 1, 3600, "seconds");
        foreach (var range in TrustedProxies)
        {
            if (!IPNetwork.TryParse(range, out _) && !IPAddress.TryParse(range, out _))
                mistakes.Add($"ClosedLoop:Collector:{nameof(TrustedProxies)} has '{range}'; allowed are addresses and CIDR ranges such as 10.0.0.0/8 or fd00::/8 "
                    + "(also in CLOSEDLOOP_TRUSTED_PROXIES, separated by commas).");
        }
        return mistakes;
    }

    private static void Range(List<string> mistakes, string name, int value, int low, int high, string unit)
    {
        if (value < low || value > high)
            mistakes.Add($"ClosedLoop:Collector:{name} is {value}; allowed are {low} to {high} {unit}.");
    }
}
