namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Settings of management and reading (section <c>Dashboard</c>). Every limit has its unit in its name.</summary>
public sealed class DashboardOptions
{
    /// <summary>Lower-case hex SHA-256 of the admin key. Empty: nobody is admitted.</summary>
    public string AdminKeySha256 { get; set; } = "";

    /// <summary>Address that links and tags use, as in <c>https://t.example</c>; null: the one that the request came to.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Bytes of a request's body. Longer: 413.</summary>
    public int BodyBytesMax { get; set; } = 1024 * 1024;

    /// <summary>Nesting of JSON, the outermost value included. Deeper: 400.</summary>
    public int JsonDepthMax { get; set; } = 16;

    public int SitesMax { get; set; } = 1_000;

    public int LinksMax { get; set; } = 20_000;

    public int WebhookEndpointsMax { get; set; } = 200;

    /// <summary>Members on one page.</summary>
    public int MembersPageMax { get; set; } = 1_000;

    /// <summary>Places looked at for one page of members; a page that ends there is short, and has a cursor.</summary>
    public int PageScanPeopleMax { get; set; } = 1_000_000;

    /// <summary>Ids that a preview names on each side; it counts all of them.</summary>
    public int PreviewIdsMax { get; set; } = 100;

    /// <summary>Seconds that a preview may take; what it has seen by then is answered as incomplete.</summary>
    public int PreviewSecondsMax { get; set; } = 15;

    /// <summary>Previews at once. More: 429.</summary>
    public int PreviewsMax { get; set; } = 2;

    /// <summary>Hours for which a rotated webhook secret goes on signing beside the new one.</summary>
    public int SecretOverlapHours { get; set; } = 24;

    /// <summary>Hours that a login to the pages lasts.</summary>
    public int SessionHours { get; set; } = 12;

    /// <summary>Minutes between two runs of markov and shapley, which credit what has no credit yet; 0: only on request.</summary>
    public int CreditRunMinutes { get; set; } = 60;

    /// <summary>Hours after which a run shares everything anew by what the paths say then.</summary>
    public int CreditRunWholeHours { get; set; } = 24;

    /// <summary>Days up to today whose conversions such a run credits.</summary>
    public int CreditRunDays { get; set; } = 90;

    /// <summary>Days that one run may span.</summary>
    public const int CreditRunDaysMax = 3_660;

    /// <summary>Every mistake in these settings as a sentence: what was wrong, what is allowed. Empty: none.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        if (AdminKeySha256.Length is not (0 or 64)) mistakes.Add("Dashboard:AdminKeySha256 is no SHA-256; allowed are 64 hexadecimal digits.");
        if (PublicUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https" && parsed.PathAndQuery == "/" && parsed.UserInfo.Length == 0))
            mistakes.Add($"Dashboard:PublicUrl is '{url}'; allowed is an http or https address without a path (CLOSEDLOOP_PUBLIC_URL).");
        Range(mistakes, nameof(BodyBytesMax), BodyBytesMax, 1024, 16 * 1024 * 1024, "bytes");
        Range(mistakes, nameof(JsonDepthMax), JsonDepthMax, 4, 64, "levels");
        Range(mistakes, nameof(SitesMax), SitesMax, 1, 10_000, "sites");
        Range(mistakes, nameof(LinksMax), LinksMax, 1, 100_000, "links");
        Range(mistakes, nameof(WebhookEndpointsMax), WebhookEndpointsMax, 1, 10_000, "endpoints");
        Range(mistakes, nameof(MembersPageMax), MembersPageMax, 1, 10_000, "members");
        Range(mistakes, nameof(PageScanPeopleMax), PageScanPeopleMax, 1_000, 100_000_000, "people");
        Range(mistakes, nameof(PreviewIdsMax), PreviewIdsMax, 0, 10_000, "ids");
        Range(mistakes, nameof(PreviewSecondsMax), PreviewSecondsMax, 1, 300, "seconds");
        Range(mistakes, nameof(PreviewsMax), PreviewsMax, 1, 16, "previews");
        Range(mistakes, nameof(SecretOverlapHours), SecretOverlapHours, 0, 24 * 30, "hours");
        Range(mistakes, nameof(CreditRunMinutes), CreditRunMinutes, 0, 60 * 24 * 7, "minutes");
        Range(mistakes, nameof(CreditRunWholeHours), CreditRunWholeHours, 1, 24 * 366, "hours");
        Range(mistakes, nameof(CreditRunDays), CreditRunDays, 1, CreditRunDaysMax, "days");
        Range(mistakes, nameof(SessionHours), SessionHours, 1, 24 * 30, "hours");
        return mistakes;
    }

    private static void Range(List<string> mistakes, string name, int value, int least, int most, string unit)
    {
        if (value < least || value > most) mistakes.Add($"Dashboard:{name} is {value}; allowed are {least} to {most} {unit}.");
    }
}
