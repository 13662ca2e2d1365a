using System.Globalization;
using System.Text;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Collector;

/// <summary>What an event of <c>/v1/events</c> comes to once every rule of CONTRACT.md §3 has been applied; or why it is refused.</summary>
internal ref struct JudgedEvent
{
    public Refusal Refusal;
    public string Detail;
    /// <summary>The member that is wrong, as a path; empty when it is the event as a whole.</summary>
    public string Field;
    public DoorSite Site;
    public EventKind Kind;
    public LeadIdentity Lead;
    public long OccurredMs;
    public int Score;
    public Exchange Exchange;
    public bool HasMoney;

    public static JudgedEvent No(Refusal refusal, string detail, string field) => new() { Refusal = refusal, Detail = detail, Field = field };
}

/// <summary>Applies the rules to a draft, in the order in which a sender would want to hear about them.</summary>
internal sealed class EventJudge(CollectorOptions options, SiteDirectory sites, Rates rates)
{
    private readonly long _aheadMs = options.AheadMinutesMax * 60_000L;

    public JudgedEvent Judge(EventDraft draft, KeyGrant grant, long nowMs)
    {
        if (draft[EventMember.Event] == Given.Absent) return JudgedEvent.No(Refusal.NotAnEvent, "An event is an object with the member event.", "");
        if (draft[EventMember.Event] != Given.Text || EventKinds.Find(draft.Text(EventMember.Event)) is not { } kind)
            return JudgedEvent.No(Refusal.BadEventName, "event is text of 1 to 64 characters without control characters.", "event");
        if (Site(draft, grant, out var detail) is not { } site)
            return JudgedEvent.No(detail.Length == 0 ? Refusal.UnknownSite : Refusal.SiteNotAllowed, detail.Length == 0 ? "site names no site." : detail, "site");
        if (draft.Refusal != Refusal.None) return JudgedEvent.No(draft.Refusal, draft.Detail, draft.Field);

        var judged = new JudgedEvent { Detail = "", Field = "", Site = site, Kind = kind, OccurredMs = nowMs, Exchange = Exchange.None };
        Campaign(draft, kind.Needs);
        Ids(draft, ref judged);
        if (judged.Refusal == Refusal.None) Time(draft, nowMs, ref judged);
        if (judged.Refusal == Refusal.None) Lead(draft, ref judged);
        if (judged.Refusal == Refusal.None) Missing(draft, ref judged);
        if (judged.Refusal == Refusal.None) Values(draft, ref judged);
        if (judged.Refusal == Refusal.None) Moneys(draft, ref judged);
        return judged;
    }

    /// <summary>The site that an event names and its key opens; the key's own otherwise.</summary>
    public DoorSite? SiteOf(EventDraft draft, KeyGrant grant) => Site(draft, grant, out _) ?? grant.Site;

    private DoorSite? Site(EventDraft draft, KeyGrant grant, out string detail)
    {
        detail = "";
        var name = draft.Text(EventMember.Site);
        if (name.IsEmpty && !draft.Has(EventMember.Site)) return grant.Site ?? sites.Find(default(ReadOnlySpan<byte>));
        if (name.IsEmpty || sites.Find(name) is not { } site) return null;
        if (grant.All || ReferenceEquals(site, grant.Site) || site.Site.Id == grant.Site?.Site.Id) return site;
        detail = "The key writes to another site.";
        return null;
    }

    private static void Ids(EventDraft draft, ref JudgedEvent judged)
    {
        if (draft.Has(EventMember.EventId) && !TextLimits.IsName(draft.Text(EventMember.EventId), TextLimits.EventIdMax))
            No(ref judged, Refusal.BadEventId, "event_id is text of 1 to 64 characters without control characters.", "event_id");
        else if (draft.Has(EventMember.VisitorId) && !TextLimits.IsVisitorId(draft.Text(EventMember.VisitorId))
            || draft.Has(EventMember.OtherVisitorId) && !TextLimits.IsVisitorId(draft.Text(EventMember.OtherVisitorId)))
            No(ref judged, Refusal.BadVisitorId, "A visitor's id has 1 to 64 characters of A-Z a-z 0-9 _ . -",
                !draft.Has(EventMember.VisitorId) || TextLimits.IsVisitorId(draft.Text(EventMember.VisitorId)) ? "other_visitor_id" : "visitor_id");
        else if (judged.Kind.Needs.HasFlag(Needs.TwoVisitors) && draft.Has(EventMember.VisitorId)
            && draft.Text(EventMember.VisitorId).SequenceEqual(draft.Text(EventMember.OtherVisitorId)))
            No(ref judged, Refusal.BadVisitorId, "A merge names two different visitors.", "other_visitor_id");
    }

    /// <summary>ISO 8601; without a zone it is UTC; any time since 1970 (history is welcome).</summary>
    private void Time(EventDraft draft, long nowMs, ref JudgedEvent judged)
    {
        if (!draft.Has(EventMember.OccurredAt)) return;
        if (draft[EventMember.OccurredAt] != Given.Text || !EventTime.TryParse(draft.Text(EventMember.OccurredAt), out var ms) || ms < 0)
            No(ref judged, Refusal.BadTime, "occurred_at is ISO 8601 from 1970 on, as in 2026-11-21T10:00:00Z; without a zone it is UTC.", "occurred_at");
        else if (ms > nowMs + _aheadMs)
            No(ref judged, Refusal.TimeAhead, $"occurred_at is more than {options.AheadMinutesMax} minutes ahead of the collector's clock.", "occurred_at");
        else judged.OccurredMs = ms;
    }

    private static void Lead(EventDraft draft, ref JudgedEvent judged)
    {
        if (draft.Has(EventMember.Lead) && draft[EventMember.Lead] != Given.Object)
        {
            No(ref judged, Refusal.LeadMissing, "lead is an object with email, phone or external_id.", "lead");
            return;
        }
        string? email = null, phone = null, external = null;
        if (Said(draft, EventMember.Email) is { } e && (email = LeadIdentity.NormaliseEmail(e)) is null)
            No(ref judged, Refusal.BadEmail, "lead.email is no e-mail address.", "lead.email");
        if (Said(draft, EventMember.Phone) is { } p && (phone = LeadIdentity.NormalisePhone(p)) is null)
            No(ref judged, Refusal.BadPhone, "lead.phone is no phone number: 5 to 15 digits, with + before the country.", "lead.phone");
        if (Said(draft, EventMember.ExternalId) is { } x && (external = LeadIdentity.NormaliseExternalId(x)) is null)
            No(ref judged, Refusal.BadExternalId, "lead.external_id is text of 1 to 128 bytes without control characters.", "lead.external_id");
        if (draft.Has(EventMember.Traits) && (draft[EventMember.Traits] != Given.Object || draft.Raw(EventMember.Traits).Length > TextLimits.TraitsBytesMax))
            No(ref judged, Refusal.BadTraits, "lead.traits is a flat object of at most 16 KiB.", "lead.traits");
        judged.Lead = new LeadIdentity(email, phone, external);
        if (Said(draft, EventMember.UserId) is { } userId) judged.Lead = judged.Lead.WithUserId(userId);
    }

    /// <summary>Null when absent or blank; what is neither text nor number can't be normalised and is refused by its rule.</summary>
    private static string? Said(EventDraft draft, EventMember member)
    {
        if (!draft.Has(member)) return null;
        if (draft[member] is not (Given.Text or Given.Number)) return "\0";
        var text = Encoding.UTF8.GetString(draft.Text(member));
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>What a mailing or a call belongs to is its property as naturally as a member of its own; what stands at the top wins.</summary>
    private static void Campaign(EventDraft draft, Needs needs)
    {
        if ((needs & (Needs.Campaign | Needs.Direction)) == Needs.None || draft.Text(EventMember.PropertyCampaign).IsEmpty) return;
        if (draft.Text(EventMember.Campaign).IsEmpty && draft.Text(EventMember.CampaignName).IsEmpty)
            draft.Promote(EventMember.PropertyCampaign, EventMember.CampaignName);
    }

    private static void Missing(EventDraft draft, ref JudgedEvent judged)
    {
        var missing = EventNeeds.Missing(draft, judged.Kind.Needs, judged.Lead.IsKnown);
        if (missing == Needs.Lead)
            No(ref judged, Refusal.LeadMissing, $"{judged.Kind.Name} needs a lead with email, phone or external_id.", "lead");
        else if (missing != Needs.None)
            No(ref judged, Refusal.FieldMissing, $"{judged.Kind.Name} needs {EventKinds.Words(missing)}.", draft.PathOf(EventNeeds.MemberOf(draft, missing)));
        else if (!draft.Has(EventMember.VisitorId) && !judged.Lead.IsKnown && !draft.Has(EventMember.OrderId) && !draft.Has(EventMember.DealId))
            No(ref judged, Refusal.PersonMissing, "An event names a visitor_id or a lead.", "visitor_id");
    }

    private static void Values(EventDraft draft, ref JudgedEvent judged)
    {
        var needs = judged.Kind.Needs;
        var shape = EventShapes.Check(draft, judged.Kind.IsCustom, out var wrong, out var said);
        if (shape != Refusal.None) No(ref judged, shape, said, draft.PathOf(wrong));
        if (needs.HasFlag(Needs.Score))
        {
            if (!int.TryParse(draft.Text(EventMember.Score), NumberStyles.None, CultureInfo.InvariantCulture, out judged.Score) || judged.Score > 10)
                No(ref judged, Refusal.BadScore, "score is a whole number from 0 to 10.", draft.PathOf(EventMember.Score));
        }
        if (needs.HasFlag(Needs.Stage) && !EventNeeds.IsStage(draft.Text(EventMember.Stage)))
            No(ref judged, Refusal.BadStage, "stage is lead, mql, sql, customer or lost.", draft.PathOf(EventMember.Stage));
        if (draft.Text(EventMember.Stage).SequenceEqual("lost"u8) && needs.HasFlag(Needs.Stage) && draft.Text(EventMember.Reason).IsEmpty)
            No(ref judged, Refusal.FieldMissing, "stage_changed to lost needs reason.", "reason");
        if (needs.HasFlag(Needs.Direction) && !draft.Text(EventMember.Direction).SequenceEqual("in"u8) && !draft.Text(EventMember.Direction).SequenceEqual("out"u8))
            No(ref judged, Refusal.BadDirection, "direction is in or out.", draft.PathOf(EventMember.Direction));
        if (needs.HasFlag(Needs.Url) && !PageFields.IsWebAddress(draft.Text(EventMember.Url)))
            No(ref judged, Refusal.BadUrl, "url is an absolute http or https address.", "url");
        if (draft.Has(EventMember.Properties) && draft[EventMember.Properties] != Given.Object
            || draft.Raw(EventMember.Properties).Length > TextLimits.PropertiesBytesMax)
            No(ref judged, Refusal.BadProperties, "properties is an object of at most 32 KiB.", "properties");
    }

    private void Moneys(EventDraft draft, ref JudgedEvent judged)
    {
        var refusal = EventMoney.Check(draft, judged.Site, rates, judged.OccurredMs, out judged.Exchange, out var detail);
        // A custom event may mean anything by these names; it keeps them as properties.
        if (judged.Kind.IsCustom)
        {
            judged.HasMoney = refusal == Refusal.None;
            return;
        }
        judged.HasMoney = true;
        if (refusal != Refusal.None) No(ref judged, refusal, detail, EventShapes.MoneyPath(draft, refusal));
    }

    private static void No(ref JudgedEvent judged, Refusal refusal, string detail, string field)
    {
        if (judged.Refusal == Refusal.None) (judged.Refusal, judged.Detail, judged.Field) = (refusal, detail, field);
    }
}
