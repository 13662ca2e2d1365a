namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>The names of the default channels (FIELD.md §6), UTF-8.</summary>
public static class Channels
{
    public static ReadOnlySpan<byte> Direct => "Direct"u8;
    public static ReadOnlySpan<byte> CrossNetwork => "Cross-network"u8;
    public static ReadOnlySpan<byte> PaidShopping => "Paid Shopping"u8;
    public static ReadOnlySpan<byte> PaidSearch => "Paid Search"u8;
    public static ReadOnlySpan<byte> PaidSocial => "Paid Social"u8;
    public static ReadOnlySpan<byte> PaidVideo => "Paid Video"u8;
    public static ReadOnlySpan<byte> Display => "Display"u8;
    public static ReadOnlySpan<byte> PaidOther => "Paid Other"u8;
    public static ReadOnlySpan<byte> OrganicShopping => "Organic Shopping"u8;
    public static ReadOnlySpan<byte> OrganicSocial => "Organic Social"u8;
    public static ReadOnlySpan<byte> OrganicVideo => "Organic Video"u8;
    public static ReadOnlySpan<byte> OrganicSearch => "Organic Search"u8;
    public static ReadOnlySpan<byte> AiAssistants => "AI Assistants"u8;
    public static ReadOnlySpan<byte> Referral => "Referral"u8;
    public static ReadOnlySpan<byte> Email => "Email"u8;
    public static ReadOnlySpan<byte> Affiliates => "Affiliates"u8;
    public static ReadOnlySpan<byte> Audio => "Audio"u8;
    public static ReadOnlySpan<byte> Sms => "SMS"u8;
    public static ReadOnlySpan<byte> MobilePush => "Mobile Push Notifications"u8;
    public static ReadOnlySpan<byte> Offline => "Offline"u8;
    public static ReadOnlySpan<byte> Unassigned => "Unassigned"u8;

    private static readonly string[] Names =
    [
        "Direct", "Cross-network", "Paid Shopping", "Paid Search", "Paid Social", "Paid Video", "Display", "Paid Other", "Organic Shopping",
        "Organic Social", "Organic Video", "Organic Search", "AI Assistants", "Referral", "Email", "Affiliates", "Audio", "SMS",
        "Mobile Push Notifications", "Offline", "Unassigned",
    ];

    // What people write on a link that hangs on a wall instead of standing on a page.
    private static readonly string[] OfflineWords =
    [
        "offline", "qr", "qr-code", "qrcode", "qr code", "qr_code", "print", "phone", "event", "flyer", "poster", "billboard", "catalog", "catalogue",
        "brochure", "magazine", "newspaper", "direct mail", "direct-mail", "postcard", "letter", "tv", "radio", "trade fair", "trade show", "trade-show",
        "tradeshow", "fair", "exhibition", "conference", "business card", "packaging",
    ];

    private static readonly ByteTable<byte[]> Known = new(
        [.. Names.Select(name => Pair(name, name)), .. OfflineWords.Select(word => Pair(word, "Offline"))]);

    private static readonly ByteTable<byte[]> OfflineMedia = new([.. OfflineWords.Select(word => Pair(word, "Offline"))]);

    /// <summary>All of them, in the order of the grouping's rules.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The channel of a stored link: a default channel in its own spelling, words for print and the like as Offline, anything else as written.</summary>
    public static ReadOnlySpan<byte> OfLink(ReadOnlySpan<byte> written)
    {
        var trimmed = Bytes.Trim(written);
        return Known.Find(trimmed) ?? trimmed;
    }

    internal static bool IsOffline(ReadOnlySpan<byte> medium) => OfflineMedia.Find(medium) is not null;

    private static KeyValuePair<string, byte[]> Pair(string key, string name) => new(key, System.Text.Encoding.UTF8.GetBytes(name));
}
