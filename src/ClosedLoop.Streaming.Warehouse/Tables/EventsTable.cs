using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Warehouse.Native;

namespace ClosedLoop.Streaming.Warehouse.Tables;

/// <summary>EventStored → events: one row per stored event, columns named as in FIELD.md §1.</summary>
internal sealed class EventsTable : FactTable
{
    private readonly RecordReader _hit;
    private readonly TextColumn _site, _visitor, _lead, _session, _hitId, _eventId, _event, _channel;
    private readonly MomentColumn _collector, _derived, _etl, _created, _sent;
    private readonly NumberColumn _partition, _offset, _flags, _verified, _score;
    private readonly TextColumn _pageUrl, _host, _path, _query;
    private readonly (Field Field, TextColumn Column)[] _ofFact, _ofHit;
    private readonly (Field Field, MoneyColumn Column)[] _money;
    private readonly BillionthsColumn _rate;

    /// <param name="hit">Reader of the hit inside the fact, shared by all instances: <see cref="MonthMs"/> of any of them reads it, the Append that follows uses it.</param>
    public EventsTable(RecordReader hit) : base("events")
    {
        _hit = hit;
        (_site, _visitor, _lead, _session) = (Text("site"), Text("visitor_id"), Text("lead_id"), Text("session_id"));
        (_hitId, _eventId, _event, _channel) = (Text("hit_id"), Text("event_id"), Text("event"), Text("channel"));
        (_collector, _derived, _etl) = (Moment("collector_tstamp"), Moment("derived_tstamp"), Moment("etl_tstamp"));
        (_created, _sent) = (Moment("dvce_created_tstamp"), Moment("dvce_sent_tstamp"));
        (_pageUrl, _host, _path, _query) = (Text("page_url"), Text("page_urlhost"), Text("page_urlpath"), Text("page_urlquery"));
        _ofFact =
        [
            (Field.RefrMedium, Text("refr_medium")), (Field.RefrSource, Text("refr_source")), (Field.RefrTerm, Text("refr_term")),
            (Field.Medium, Text("mkt_medium")), (Field.Source, Text("mkt_source")), (Field.Campaign, Text("mkt_campaign")),
            (Field.Noted, Text("noted")),
        ];
        _ofHit =
        [
            (Field.Term, Text("mkt_term")), (Field.Content, Text("mkt_content")), (Field.ClickId, Text("mkt_clickid")),
            (Field.Network, Text("mkt_network")), (Field.CampaignId, Text("mkt_id")), (Field.PageTitle, Text("page_title")),
            (Field.Referrer, Text("page_referrer")), (Field.UserId, Text("user_id")), (Field.NetworkUserId, Text("network_userid")),
            (Field.DomainUserId, Text("domain_userid")), (Field.UserAgent, Text("useragent")), (Field.Ip, Text("user_ipaddress")),
            (Field.Language, Text("br_lang")), (Field.Timezone, Text("os_timezone")), (Field.Platform, Text("platform")),
            (Field.TrackerVersion, Text("v_tracker")), (Field.Door, Text("door")), (Field.BotClass, Text("bot_class")),
            (Field.DeviceClass, Text("device_class")), (Field.Country, Text("country")), (Field.Consent, Text("consent")),
            (Field.LinkSlug, Text("link_slug")), (Field.LinkChannel, Text("link_channel")), (Field.HeardFrom, Text("heard_from")),
            (Field.Form, Text("form")), (Field.OrderId, Text("order_id")), (Field.DealId, Text("deal_id")),
            (Field.DealStage, Text("deal_stage")), (Field.Stage, Text("stage")), (Field.Reason, Text("reason")),
            (Field.Currency, Text("currency")), (Field.OriginalCurrency, Text("original_currency")), (Field.Coupon, Text("coupon")), (Field.Categories, Text("categories")),
            (Field.ContactChannel, Text("contact_channel")), (Field.Direction, Text("direction")),
            (Field.Question, Text("question")), (Field.Answer, Text("answer")), (Field.ExternalId, Text("external_id")),
            (Field.Properties, Text("properties")),
        ];
        _money =
        [
            (Field.Revenue, Money("revenue")), (Field.GrossProfit, Money("gross_profit")),
            (Field.Discount, Money("discount")), (Field.Amount, Money("amount")), (Field.OriginalAmount, Money("original_amount")),
        ];
        _rate = Billionths("rate");
        (_verified, _flags, _score) = (Number("verified", 1), Number("flags", 4), Number("score", 2, signed: true));
        (_partition, _offset) = (Number("log_partition", 2), Number("log_offset", 8));
    }

    public override long MonthMs(RecordReader fact) =>
        _hit.TryRead(fact.Memory(Field.Payload)) ? _hit.OccurredMs : throw new UnreadableFactException("event_payload");

    protected override void Fill(RecordReader fact, FactPlace place)
    {
        var hit = _hit;
        _site.Add(fact.Site);
        PersonColumns.AddVisitor(_visitor, fact.Has(Field.VisitorId) || fact.Key is [(byte)'v', ..] ? fact : hit);
        PersonColumns.AddLead(_lead, fact);
        _session.Add(fact.IdOf(Field.SessionId));
        _channel.Add(fact[Field.Channel]);
        _hitId.Add(hit.Id);
        // Without an id of the sender's own, the hit's id names the event.
        if (hit.Has(Field.EventId)) _eventId.Add(hit[Field.EventId]);
        else _eventId.Add(hit.Id);
        _event.Add(hit[Field.Name]);
        _collector.Add(hit.TimeMs);
        _derived.Add(hit.OccurredMs);
        _etl.Add(fact.TimeMs);
        _created.Add(hit.Int(Field.CreatedMs));
        _sent.Add(hit.Int(Field.SentMs));
        AddPage(hit[Field.PageUrl]);
        // The fact holds what the core resolved; the hit what was said.
        foreach (var (field, column) in _ofFact)
        {
            var value = fact.Has(field) ? fact[field] : hit[field];
            if (value.IsEmpty) continue;
            column.Reach(Rows);
            column.Add(value);
        }
        foreach (var (field, column) in _ofHit)
        {
            if (!hit.Has(field)) continue;
            column.Reach(Rows);
            column.Add(hit[field]);
        }
        AddMoney(hit);
        _verified.Add((hit.Flags & (EventFlags.Verified | EventFlags.MoneyTrusted)) != 0 ? 1 : 0);
        _flags.Add((long)hit.Flags);
        _score.Add(hit.Int(Field.Score, -1));
        _partition.Add(place.Partition);
        _offset.Add(place.Offset);
    }

    private void AddMoney(RecordReader hit)
    {
        foreach (var (field, column) in _money)
        {
            if (!hit.Has(field)) continue;
            column.Reach(Rows);
            column.Add(hit.Int(field));
        }
        if (hit.Has(Field.Rate))
        {
            _rate.Reach(Rows);
            _rate.Add(hit.Int(Field.Rate));
        }
    }

    private void AddPage(ReadOnlySpan<byte> url)
    {
        var parts = new UrlParts(url);
        _pageUrl.Add(url);
        _host.Add(parts.Host);
        _path.Add(parts.Path);
        _query.Add(parts.Query);
    }
}
