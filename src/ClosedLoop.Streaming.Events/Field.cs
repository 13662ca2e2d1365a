namespace ClosedLoop.Streaming.Events;

/// <summary>
/// The fields of a record, as tag, length, bytes. Text is UTF-8; "int" is a zigzag varint; "ms" is an int of unix milliseconds;
/// "money" is an int in 1/10,000 of the currency's unit; "id" is 16 bytes. Names are FIELD.md's. Numbers are frozen on disk.
/// </summary>
public enum Field : byte
{
    None = 0,

    // The hit itself
    Name = 1,             // event name of CONTRACT.md §3: page_view, purchase, …
    EventId = 2,          // the sender's own id (eid, event_id), at most 64 characters
    OccurredMs = 3,       // ms, derived_tstamp; absent: the collector's time
    CreatedMs = 4,        // ms, dvce_created_tstamp
    SentMs = 5,           // ms, dvce_sent_tstamp
    Flags = 6,            // int, EventFlags
    Door = 7,             // pixel, redirect, form, events, import, …
    Properties = 8,       // JSON object as sent
    Payload = 9,          // raw bytes: a refused hit, a published rule set, an embedded record
    Reason = 10,          // of a refusal, a loss, a merge, a step back
    Detail = 11,          // human-readable sentence beside Reason

    // The page and the browser
    PageUrl = 20, PageTitle = 21, Referrer = 22, UserAgent = 23, Ip = 24, Language = 25, Timezone = 26,
    UserId = 27, NetworkUserId = 28, DomainUserId = 29, Platform = 30, TrackerVersion = 31,
    BotClass = 32, DeviceClass = 33, Country = 34, Consent = 35,

    // The source as the hit named it
    Source = 40, Medium = 41, Campaign = 42, Term = 43, Content = 44, CampaignId = 45, ClickId = 46, Network = 47,
    LinkChannel = 48,     // channel that a stored link or an offline code carries
    LinkSlug = 49, HeardFrom = 50,

    // The person
    Email = 60,           // identifier: keyed HMAC, lower-case hex (never the address)
    EmailSealed = 61,     // address encrypted for the person, opaque bytes
    Phone = 62, PhoneSealed = 63, ExternalId = 64,
    Traits = 65,          // JSON object
    VisitorId = 66, LeadId = 67, OtherVisitorId = 68,
    Identifier = 69,      // "e:…", "p:…", "x:…"

    // Money
    OrderId = 80, Revenue = 81, Currency = 82, GrossProfit = 83, Discount = 84, DealId = 85, DealStage = 86, Amount = 87,
    Coupon = 88,
    Categories = 89,      // item categories joined by U+001F, at most 8, most valuable first

    // The relation
    Stage = 100, ContactChannel = 101, Direction = 102, Score = 103, Form = 104, Question = 105, Answer = 106,

    // What facts add
    CauseId = 120,        // id of the record that caused the fact
    CauseKind = 121,      // event, silence, rule, link, import
    CauseName = 122,      // event name of the cause
    CauseMs = 123, CausePage = 124,
    SessionId = 125, Channel = 126, SessionStartMs = 127, SessionEndMs = 128, PageViews = 129, Hits = 130,
    Engaged = 131,        // int 0/1
    EntryPage = 132, ExitPage = 133,
    Version = 134,        // int; of two rows with one id, the higher version is current
    Deleted = 135,        // int 1: the row with this id no longer is
    TouchId = 136, Evidence = 137, RefrMedium = 138, RefrSource = 139, RefrTerm = 140,
    Segment = 141, Previous = 142, Group = 143, RuleVersion = 144, Sequence = 145, History = 146, Change = 147,
    ConversionId = 148, Model = 149, Share = 150, // Share: int, millionths of the conversion, 1,000,000 is all
    Sign = 151, PreviousStage = 152, Measures = 153, // Measures: JSON object
    FirstTouch = 154,     // JSON object
    Experiments = 155, Action = 156, ConversionKind = 157, FirstEntry = 158, PostedMs = 159, IsNew = 160,
    Impressions = 161, Clicks = 162, Date = 163,
    Membership = 164, Handed = 165,
    Quiet = 166,          // int 1: recorded, but no webhook is sent (rule changes without notify)

    // Between the actors of one person (170–184)
    RootLead = 170,       // id of the lead that names the person
    RootSince = 171,      // int, how early it is; 172: which turn of the name
    RootTurn = 172,
    Knots = 173,          // ids of connected leads, 16 bytes each
    PartKey = 174,        // actor key of the part: where its sessions were made
    MoreFollows = 175,    // int 1: further parts of the same hand-over come
    IsMerged = 176,       // int 0/1
    OtherLead = 177,      // id of the lead that gets the other's history
    Void = 178,           // int: the name is given up to this turn
    FromLead = 179,       // id of the lead that speaks
    LeadVersion = 180,    // int, version of the speaking actor's state
    EventKey = 181,       // int, orders events of one moment
    HintTurn = 182,       // int, turn of the name to go to
    WantsAnswer = 183,    // int 1

    // Relations (185–194)
    Noted = 185,          // of a stored event: why it had no effect

    // Money in other currencies, runs of models over all paths, offline codes
    OriginalCurrency = 195, OriginalAmount = 196, // money as it was said, where it was converted
    Rate = 197,           // int, billionths: site currency per unit of the original's
    Run = 198,            // id of the run that posted a credit row
    RunFrom = 199, RunTo = 200, // int, days since 1970
    Effect = 201,         // int, billionths
    Credited = 202,       // int, billionths of conversions
    Paths = 203, NullPaths = 204,
    Code = 205, CodeSource = 206, CodeMedium = 207, CodeCampaign = 208, CodeChannel = 209, // a code that a form or an order named

    // What reports need of the ledger
    TouchMs = 210,        // unix ms of the touch that a credit row names

    // Whose an order is
    Presumed = 226,       // int 1: claimed by who has a deal of this name; a buyer comes first
}

/// <summary>Marks of an event.</summary>
[Flags]
public enum EventFlags : long
{
    None = 0,
    /// <summary>Came with a key, so money and times are believed.</summary>
    Verified = 1,
    /// <summary>Came through an import: remembered for ever against repetition.</summary>
    Imported = 2,
    /// <summary>The time given was not acceptable; the collector's stands instead.</summary>
    TimeReplaced = 4,
    /// <summary>The site trusts money without a key.</summary>
    MoneyTrusted = 8,
    /// <summary>The visitor id was made for this hit (no cookie came back yet).</summary>
    NewCookie = 16,
    /// <summary>A value was longer than its limit and was cut.</summary>
    Cut = 32,
    /// <summary>The page's own host is not among the site's hosts.</summary>
    ForeignHost = 64,
    /// <summary>Do not judge or link: the visitor opted out, this is an explicit act only.</summary>
    ActOnly = 128,
}
