using System.Text;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Collector;

/// <summary>Turns an accepted pixel hit into its record.</summary>
internal sealed class PixelRecord(CollectorOptions options, HitFields fields, Rates rates)
{
    private readonly long _pastMs = options.PublicPastHoursMax * 3_600_000L;
    private readonly long _aheadMs = options.AheadMinutesMax * 60_000L;

    /// <returns>Why not, or None.</returns>
    public Refusal Write(RecordWriter record, in PixelHit hit, in PixelEvent pixelEvent, in Caller caller, Permission permission,
        DoorSite site, Id visitor, Id id, long nowMs)
    {
        var eventId = hit[PixelParam.EventId];
        if (!eventId.IsEmpty && !TextLimits.IsName(eventId, TextLimits.EventIdMax)) return Refusal.BadEventId;
        Span<byte> key = stackalloc byte[HitFields.VisitorKeyBytes];
        HitFields.VisitorKey(visitor, key);
        var flags = caller.HasCookie ? EventFlags.None : EventFlags.NewCookie;

        record.Begin(RecordKind.Event, nowMs, id, site.IdBytes, key)
            .Add(Field.Name, pixelEvent.Name).Add(Field.Door, "pixel"u8).Add(Field.VisitorId, key[1..]).Add(Field.EventId, eventId);
        var occurredMs = WriteTimes(record, in hit, nowMs, ref flags);
        WritePage(record, in hit, in caller, site, ref flags);
        WriteBrowser(record, in hit, in caller, permission, site, ref flags);
        var refusal = WriteMoney(record, in hit, pixelEvent.Kind, site, occurredMs, ref flags);
        if (refusal != Refusal.None) return refusal;
        record.Add(Field.Properties, pixelEvent.Properties);
        if (flags != EventFlags.None) record.Add(Field.Flags, (long)flags);
        return Refusal.None;
    }

    public string Detail(Refusal refusal, in PixelHit hit, DoorSite site, long nowMs) => refusal switch
    {
        Refusal.BadEventId => "eid has 1 to 64 characters and no control characters.",
        Refusal.FieldMissing => "A purchase needs order_id (tr_id) and revenue (tr_tt).",
        Refusal.BadMoney => "Money is a plain decimal number from 0 to 100,000,000,000.",
        Refusal.BadCurrency => "A currency is three capital letters, as in EUR.",
        Refusal.CurrencyWithoutRate => rates.Missing(Encoding.UTF8.GetString(hit.First(PixelParam.Currency, PixelParam.TransactionCurrency)), site.Site,
            Rates.DayOf(PublicTimes.Read(hit[PixelParam.Created], hit[PixelParam.Sent], hit[PixelParam.True], nowMs, _pastMs, _aheadMs).OccurredMs, site.Site)),
        _ => refusal.Name(),
    };

    private long WriteTimes(RecordWriter record, in PixelHit hit, long nowMs, ref EventFlags flags)
    {
        var times = PublicTimes.Read(hit[PixelParam.Created], hit[PixelParam.Sent], hit[PixelParam.True], nowMs, _pastMs, _aheadMs);
        if (times.OccurredMs != nowMs) record.Add(Field.OccurredMs, times.OccurredMs);
        if (times.CreatedMs != 0) record.Add(Field.CreatedMs, times.CreatedMs);
        if (times.SentMs != 0) record.Add(Field.SentMs, times.SentMs);
        if (times.Replaced) flags |= EventFlags.TimeReplaced;
        return times.OccurredMs;
    }

    private static void WritePage(RecordWriter record, in PixelHit hit, in Caller caller, DoorSite site, ref EventFlags flags)
    {
        var url = hit[PixelParam.Url];
        if (!url.IsEmpty) PageFields.WritePage(record, url, site, campaign: true, ref flags);
        else if (!string.IsNullOrEmpty(caller.Referer)) PageFields.WritePage(record, Encoding.UTF8.GetBytes(caller.Referer), site, campaign: true, ref flags);
        PageFields.WriteReferrer(record, hit[PixelParam.Referrer], site, ref flags);
        HitFields.Text(record, Field.PageTitle, hit[PixelParam.Title], TextLimits.TitleBytesMax, ref flags);
    }

    private void WriteBrowser(RecordWriter record, in PixelHit hit, in Caller caller, Permission permission, DoorSite site, ref EventFlags flags)
    {
        var ua = hit[PixelParam.UserAgent];
        var lang = hit[PixelParam.Language];
        var known = caller;
        // A tag written by the site's own server may pass the browser's agent and language on.
        if (!ua.IsEmpty) known.UserAgent = Encoding.UTF8.GetString(ua);
        if (!lang.IsEmpty) known.Language = Encoding.UTF8.GetString(lang);
        fields.WriteCaller(record, in known, permission.Given, ref flags);
        HitFields.Text(record, Field.Timezone, hit[PixelParam.Timezone], TextLimits.ShortBytesMax, ref flags);
        fields.WriteUserId(record, hit[PixelParam.UserId], site, ref flags);
        fields.WriteUser(record, hit[PixelParam.UserId], site);
        HitFields.Text(record, Field.DomainUserId, hit[PixelParam.DomainUserId], TextLimits.ShortBytesMax, ref flags);
        HitFields.Text(record, Field.NetworkUserId, hit[PixelParam.NetworkUserId], TextLimits.ShortBytesMax, ref flags);
        HitFields.Text(record, Field.Platform, hit[PixelParam.Platform], TextLimits.ShortBytesMax, ref flags);
        HitFields.Text(record, Field.TrackerVersion, hit[PixelParam.TrackerVersion], TextLimits.ShortBytesMax, ref flags);
    }

    /// <summary>Money without a key is stored unverified, unless the site trusts it.</summary>
    private Refusal WriteMoney(RecordWriter record, in PixelHit hit, EventKind kind, DoorSite site, long occurredMs, ref EventFlags flags)
    {
        var order = hit.First(PixelParam.OrderId, PixelParam.TransactionId);
        var revenue = hit.First(PixelParam.Revenue, PixelParam.TransactionTotal);
        if (kind.Needs.HasFlag(Needs.OrderId) && (order.IsEmpty || revenue.IsEmpty)) return Refusal.FieldMissing;
        HitFields.Text(record, Field.OrderId, order, TextLimits.OrderIdBytesMax, ref flags);
        site.Codes.Write(record, hit[PixelParam.Coupon]);
        HitFields.Text(record, Field.Coupon, hit[PixelParam.Coupon], TextLimits.ShortBytesMax, ref flags);
        var discount = hit[PixelParam.Discount];
        if (revenue.IsEmpty && discount.IsEmpty) return Refusal.None;
        var currency = hit.First(PixelParam.Currency, PixelParam.TransactionCurrency);
        var exchange = Exchange.None;
        if (!currency.IsEmpty && !MoneyText.IsCurrency(currency)) return Refusal.BadCurrency;
        if (!currency.IsEmpty && !MoneyText.IsOf(currency, site.Site.Currency))
        {
            if (rates.Find(Encoding.UTF8.GetString(currency), site.Site, occurredMs) is not { } found) return Refusal.CurrencyWithoutRate;
            exchange = found;
        }
        record.Add(Field.Currency, site.Site.Currency);
        if (!WriteAmount(record, Field.Revenue, revenue, exchange, currency) || !WriteAmount(record, Field.Discount, discount, exchange, currency)) return Refusal.BadMoney;
        if (site.Site.TrustPublicMoney) flags |= EventFlags.MoneyTrusted;
        return Refusal.None;
    }

    /// <summary>False when it is no money.</summary>
    private static bool WriteAmount(RecordWriter record, Field field, ReadOnlySpan<byte> text, Exchange exchange, ReadOnlySpan<byte> currency)
    {
        if (text.IsEmpty) return true;
        if (!MoneyText.TryParse(text, out var said) || !exchange.TryApply(said, out var money)) return false;
        record.Add(field, money);
        if (!exchange.IsNone && field == Field.Revenue)
            record.Add(Field.OriginalCurrency, currency).Add(Field.OriginalAmount, said).Add(Field.Rate, exchange.Billionths);
        return true;
    }
}
