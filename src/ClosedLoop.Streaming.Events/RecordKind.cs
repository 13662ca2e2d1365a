namespace ClosedLoop.Streaming.Events;

/// <summary>What a record of the log is. Below 32: the topic of hits. From 32 on: facts. Numbers are frozen on disk.</summary>
public enum RecordKind : byte
{
    None = 0,

    /// <summary>A hit that the door understood.</summary>
    Event = 1,
    /// <summary>A hit that could not be understood; <see cref="Field.Reason"/> and <see cref="Field.Payload"/> say why and what.</summary>
    Refused = 2,
    /// <summary>A hit of somebody who opted out: no id, no page, only a count (FIELD.md §11).</summary>
    TotalsOnly = 3,
    /// <summary>A clock record; its time is "now" for every rule about silence.</summary>
    Tick = 4,
    /// <summary>A published version of the rules or of a site; <see cref="Field.Payload"/> is its JSON.</summary>
    Published = 5,
    // 6 and 7 were a question and an answer between visitor and identifier.
    /// <summary>Visitor to lead: my whole history as of now; the latest version wins.</summary>
    HistoryHanded = 8,
    /// <summary>Identifier to lead, or browser to another person's visitor: a hit that belongs there, to be counted there.</summary>
    Forwarded = 9,
    /// <summary>Visitor or lead to an order or a deal: what is said of it belongs to me.</summary>
    IdentifierGiven = 10,
    /// <summary>Lead to lead: we belong to one person; this lead names it for me.</summary>
    LeadMet = 11,
    /// <summary>Lead to the lead that names the person: my histories as of now, or (Deleted) let me go.</summary>
    PartHanded = 12,
    /// <summary>Lead to guest or browser: you stand for yourself again.</summary>
    Released = 13,
    /// <summary>Visitor to visitor: we are, or are no longer, one person's.</summary>
    VisitorMet = 14,
    /// <summary>Order or deal to its person: an event that was stored already.</summary>
    EventPassed = 15,
    /// <summary>What a campaign or a stored link cost on a day; the same key again replaces.</summary>
    CostGiven = 16,
    /// <summary>What a run of a model over all paths posts: <see cref="Field.Payload"/> holds finished facts, each behind its length (4 bytes).</summary>
    CreditRun = 17,

    EventStored = 32,
    HitRefused = 33,
    TotalsCounted = 34,
    SessionChanged = 35,
    TouchMade = 36,
    SegmentChanged = 37,
    StageChanged = 38,
    LeadLinked = 39,
    ConversionMade = 40,
    CreditPosted = 41,
    DealChanged = 42,
    PersonErased = 43,
    CostStated = 44,
    /// <summary>A lead belongs to a person that another lead names; Deleted: it stands for itself again.</summary>
    LeadJoined = 45,

    DealAttributed = 54,
    CreditRunMade = 55,
    RunEffectFound = 56,
}
