using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>What to compute: conversions of these days in the site's time zone. Absent days: the last ones of the setting.</summary>
internal sealed record RunBody
{
    public string? Site { get; init; }
    public string? From { get; init; }
    public string? To { get; init; }
}

/// <summary>A run as it was posted. <c>postings</c> are the rows that it added to the ledger; 0 when everything stood already.</summary>
internal sealed record RunView(
    string RunId, string Site, string Model, string From, string To, int LookbackDays, long Conversions, long NullPaths, long Postings, string PostedAt,
    IReadOnlyList<EffectView> Effects);

/// <summary>What a channel is worth towards a goal: the removal effect (markov) or the Shapley value in conversions, and what it was credited with.</summary>
internal sealed record EffectView(string Goal, string Channel, decimal Effect, decimal Credited, long Paths);

/// <summary>A row of the ledger as it stands net of all reversals, with everything that another row about it needs.</summary>
internal sealed record LedgerLine(
    string Conversion, string Model, Id Touch, string Channel, string Source, string Medium, string Campaign,
    long Amount, int Share, long Profit, bool ProfitKnown, long TouchMs)
{
    public string Kind { get; init; } = "";
    public long OccurredMs { get; init; }
    public string VisitorId { get; init; } = "";
    public string LeadId { get; init; } = "";
    public string Currency { get; init; } = "";

    public string Goal => Kind is "order" or "deal" ? "sale" : Kind;

    public CreditRow Row(AttributionModel model) => new(model, Touch, -1, Amount, Share, 1, ProfitKnown ? Profit : null);
}

/// <summary>How often a way led to a goal (<paramref name="Goal"/> null for people who reached those in <paramref name="Goals"/> only).</summary>
internal sealed record CountedWay(string? Goal, IReadOnlyList<string> Goals, IReadOnlyList<string> Channels, long Times);
