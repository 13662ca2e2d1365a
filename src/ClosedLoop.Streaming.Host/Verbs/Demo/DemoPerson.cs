namespace ClosedLoop.Streaming.Host.Verbs.Demo;

/// <summary>A visit as planned. Times are minutes before "now", counted down.</summary>
internal sealed record DemoVisit(string Browser, DemoChannel Channel, DateTimeOffset Start, IReadOnlyList<(DateTimeOffset At, string Page)> Views, DateTimeOffset? FormAt);

/// <summary>What a campaign cost on a day.</summary>
internal sealed record DemoCost(DemoChannel Channel, DateOnly Date, decimal Amount, int Impressions, int Clicks);

internal sealed record DemoOrder(string Id, DateTimeOffset At, decimal Revenue, decimal Refund);

/// <summary>One planned person: browsers, visits, and what sales and the shop know. The truth is computed from this, never from the engine.</summary>
internal sealed class DemoPerson(int number, string seed)
{
    public int Number { get; } = number;
    public string Email { get; } = $"person{number}.{seed}@demo.example";
    public string FirstBrowser { get; } = $"demo-{seed}-{number}";
    public string SecondBrowser { get; } = $"demo-{seed}-{number}-phone";
    public List<DemoVisit> Visits { get; } = [];
    public List<DemoOrder> Orders { get; } = [];
    public DateTimeOffset? LeadAt { get; set; }
    public string Form { get; set; } = "contact";
    public DateTimeOffset? MqlAt { get; set; }
    public DateTimeOffset? DealOpenedAt { get; set; }
    public DateTimeOffset? DealLostAt { get; set; }
    public DateTimeOffset? DealWonAt { get; set; }
    public decimal DealRevenue { get; set; }
    public decimal DealRefund { get; set; }
    public int Score { get; set; } = -1;
    public DateTimeOffset? ScoreAt { get; set; }
    public bool IsLate { get; set; }
    /// <summary>Comes now, through the public doors, instead of through the history.</summary>
    public bool IsLive { get; init; }

    /// <summary>When the first order or won deal made a customer; null: nothing did.</summary>
    public DateTimeOffset? CustomerAt => Orders.Select(o => (DateTimeOffset?)o.At).Append(DealWonAt).Min();

    public bool IsLead => LeadAt is not null;
    public int PageViews => Visits.Sum(v => v.Views.Count);
    public DateTimeOffset LastVisit => Visits.Max(v => v.FormAt ?? v.Views[^1].At);
}
