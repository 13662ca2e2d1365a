using System.Collections.Frozen;

namespace ClosedLoop.Streaming.Collector;

/// <summary>The pixel's parameters that have a field of their own (FIELD.md §1); every other one becomes a property.</summary>
internal enum PixelParam : byte
{
    None = 0,
    Event, EventId, Url, Title, Referrer, Site, Created, Sent, True, UserId, DomainUserId, NetworkUserId, Language, Timezone,
    Platform, TrackerVersion, UserAgent, UePlain, UeEncoded, OrderId, Revenue, Currency, TransactionId, TransactionTotal, TransactionCurrency,
    Discount, Coupon,
    /// <summary>Known and on purpose not stored: cache busters, and the address, which is the connection's.</summary>
    Dropped,
    Count,
}

internal static class PixelParams
{
    private static readonly FrozenDictionary<ulong, PixelParam> ByName = new (string Name, PixelParam Param)[]
    {
        ("e", PixelParam.Event), ("eid", PixelParam.EventId), ("event_id", PixelParam.EventId), ("url", PixelParam.Url),
        ("page", PixelParam.Title), ("refr", PixelParam.Referrer), ("aid", PixelParam.Site), ("dtm", PixelParam.Created),
        ("stm", PixelParam.Sent), ("ttm", PixelParam.True), ("uid", PixelParam.UserId), ("duid", PixelParam.DomainUserId),
        ("tnuid", PixelParam.NetworkUserId), ("nuid", PixelParam.NetworkUserId), ("lang", PixelParam.Language), ("tz", PixelParam.Timezone),
        ("p", PixelParam.Platform), ("tv", PixelParam.TrackerVersion), ("ua", PixelParam.UserAgent), ("ue_pr", PixelParam.UePlain),
        ("ue_px", PixelParam.UeEncoded), ("order_id", PixelParam.OrderId), ("revenue", PixelParam.Revenue),
        ("currency", PixelParam.Currency), ("tr_id", PixelParam.TransactionId), ("tr_tt", PixelParam.TransactionTotal),
        ("tr_cu", PixelParam.TransactionCurrency), ("discount", PixelParam.Discount), ("coupon", PixelParam.Coupon),
        ("_", PixelParam.Dropped), ("rand", PixelParam.Dropped), ("cb", PixelParam.Dropped), ("nocache", PixelParam.Dropped), ("ip", PixelParam.Dropped),
    }.ToFrozenDictionary(p => Pack(System.Text.Encoding.ASCII.GetBytes(p.Name)), p => p.Param);

    /// <summary>Names are at most 8 bytes, so one integer holds them and one lookup finds them.</summary>
    public static PixelParam Of(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= 8 && ByName.TryGetValue(Pack(name), out var param) ? param : PixelParam.None;

    private static ulong Pack(ReadOnlySpan<byte> name)
    {
        ulong packed = 0;
        foreach (var b in name) packed = packed << 8 | b;
        return packed;
    }
}
