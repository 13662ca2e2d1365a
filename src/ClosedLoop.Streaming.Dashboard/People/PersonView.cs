namespace ClosedLoop.Streaming.Dashboard;

/// <param name="Evidence">tracked: a visit; reported: the person named it; sales: sales did.</param>
internal sealed record TouchView(string? At, string Channel, string? Source, string? Medium, string? Campaign, string Evidence);

internal sealed record SegmentSince(string Name, string? Since);

/// <param name="Channel">Of the session that the step belongs to; null outside of one.</param>
internal sealed record StepView(string? At, string Event, string? Page, string? Channel);

/// <summary>The last session while it is less than half an hour old.</summary>
internal sealed record SessionView(
    string SessionId, string? StartedAt, string? LastHitAt, int PageViews, int Hits, bool Engaged, string? EntryPage, string? ExitPage, string Channel,
    string? Source, string? Medium, string? Campaign);

/// <summary>
/// What is known of a person (CONTRACT.md §4). Of a visitor that belongs to a lead, stage, orders, revenue, segments and traits are the
/// lead's; the visits are its own.
/// </summary>
internal sealed record PersonView
{
    public string? VisitorId { get; init; }
    public required IReadOnlyList<string> VisitorIds { get; init; }
    public string? LeadId { get; init; }
    public string? ExternalId { get; init; }
    public required string Site { get; init; }
    public string? FirstSeen { get; init; }
    public string? LastSeen { get; init; }
    public int Sessions { get; init; }
    public long PageViews { get; init; }
    public required string Stage { get; init; }
    public int Orders { get; init; }
    /// <summary>Net of refunds, with won deals, in the site's currency.</summary>
    public decimal Revenue { get; init; }
    public TouchView? FirstTouch { get; init; }
    public TouchView? LastTouch { get; init; }
    public TouchView? LastNonDirectTouch { get; init; }
    public required IReadOnlyList<SegmentSince> Segments { get; init; }
    public SessionView? CurrentSession { get; init; }
    /// <summary>The last 20 steps, oldest first.</summary>
    public required IReadOnlyList<StepView> Journey { get; init; }
    public required IReadOnlyDictionary<string, string> Traits { get; init; }
    public string? Affinity { get; init; }
    public string? PreferredContact { get; init; }
    /// <summary>Experiment to arm.</summary>
    public IReadOnlyDictionary<string, string> Experiments { get; init; } = new Dictionary<string, string>();
    /// <summary>What spoke of the stage, also what had no effect; the last 50, oldest first.</summary>
    public IReadOnlyList<StageTurnView> StageTurns { get; init; } = [];
    /// <summary>Some old detail was given up, because a cap of memory was met.</summary>
    public bool Capped { get; init; }
}
