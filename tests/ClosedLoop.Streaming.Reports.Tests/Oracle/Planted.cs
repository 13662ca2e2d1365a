namespace ClosedLoop.Streaming.Reports.Tests;

/// <summary>Where a planted session comes from: how its first hit says it, and what reports must say of it.</summary>
internal sealed record PlantedSource(string Channel, string Source, string Campaign, string? Referrer, (string Source, string Medium, string? Campaign)? Utm)
{
    public bool IsDirect => Channel == "Direct";
    public bool HasLostReferrer => Referrer is null;

    public static IReadOnlyList<PlantedSource> All { get; } =
    [
        new("Direct", "(direct)", "(none)", null, null),
        new("Organic Search", "google", "(none)", "https://www.google.com/", null),
        new("Organic Social", "facebook", "(none)", "https://www.facebook.com/", null),
        new("Referral", "blog.example", "(none)", "https://blog.example/post", null),
        new("Paid Search", "google", "brand", null, ("google", "cpc", "brand")),
        new("Paid Search", "google", "generic", "https://www.google.com/", ("google", "cpc", "generic")),
        new("Paid Social", "facebook", "spring", "https://www.facebook.com/", ("facebook", "paid_social", "spring")),
        new("Email", "news", "october", null, ("news", "email", "october")),
        new("Affiliates", "partner", "(none)", null, ("partner", "affiliate", null)),
    ];
}

/// <summary>A page view, and when its hit reaches the door.</summary>
internal sealed record PlantedView(long At, string Page, long Arrives);

/// <summary>A visit by one browser; the form, if one was sent, names the person.</summary>
internal sealed record PlantedSession(string Visitor, string Device, string Country, PlantedSource Source, IReadOnlyList<PlantedView> Views, (long At, long Arrives)? Form)
{
    public long Start => Views[0].At;
    public bool IsEngaged => Views.Count >= 2 || Form is not null;
}

/// <summary>What was sold, and what of it was given back. Money in 1/10,000.</summary>
/// <param name="Kind">order, deal.</param>
/// <param name="Profit">null: what it cost is not known.</param>
/// <param name="Visitor">The browser that ordered without ever naming anybody; empty: said of the person.</param>
internal sealed record PlantedSale(string Kind, string Name, long At, long Arrives, long Value, long? Profit, string Visitor, IReadOnlyList<(long Amount, long At, long Arrives)> Refunds)
{
    public long Net(long arrivedBefore) => Value - Refunds.Where(r => r.Arrives < arrivedBefore).Sum(r => r.Amount);
}

/// <summary>A stage that the CRM told.</summary>
internal sealed record PlantedStage(string Stage, long At, long Arrives);

/// <summary>Somebody said that two browsers are one person's, and perhaps took it back.</summary>
internal sealed record PlantedMerge(string One, string Other, long At, long? UndoneAt);

/// <summary>Somebody with browsers, and what became of them.</summary>
/// <param name="Name">Hash of the e-mail.</param>
internal sealed record PlantedPerson(string Name, IReadOnlyList<PlantedSession> Sessions, IReadOnlyList<PlantedSale> Sales, IReadOnlyList<PlantedStage> Stages,
    IReadOnlyList<(long At, long Arrives)> Named, IReadOnlyList<PlantedMerge> Merges)
{
    public string Lead => "lead of " + Name;
}
