using System.Text.Json.Nodes;

namespace ClosedLoop.Streaming.Host.Verbs.Demo;

/// <summary>A channel with its planted effects: how many come by it, how many of them become leads and customers, and what they spend.</summary>
/// <param name="Weight">Parts of the first visits.</param>
/// <param name="LeadPercent">Of the people whose first visit came by it.</param>
/// <param name="BuyPercent">Of those leads.</param>
/// <param name="OrderLow">Smallest order, whole units of currency.</param>
internal sealed record DemoChannel(
    string Name, string Source, int Weight, int LeadPercent, int BuyPercent, int OrderLow, int OrderHigh,
    string? Referrer = null, string? Medium = null, string? Campaign = null, string? Query = null)
{
    public bool IsDirect => Name == "Direct";

    public static IReadOnlyList<DemoChannel> All { get; } =
    [
        new("Organic Search", "google", 26, 18, 35, 40, 160, Referrer: "https://www.google.com/"),
        new("Paid Search", "google", 16, 30, 45, 60, 240, Medium: "cpc", Campaign: "brand", Query: "gclid=demo-click"),
        new("Organic Social", "facebook", 12, 8, 20, 20, 80, Referrer: "https://www.facebook.com/"),
        new("Email", "newsletter", 10, 40, 60, 50, 200, Medium: "email", Campaign: "autumn"),
        new("Referral", "blog.partner.example", 9, 22, 40, 50, 180, Referrer: "https://blog.partner.example/review"),
        new("AI Assistants", "chatgpt", 7, 35, 50, 80, 300, Referrer: "https://chatgpt.com/"),
        new("Display", "adnet", 6, 4, 15, 20, 60, Medium: "display", Campaign: "retarget"),
        new("Affiliates", "partnerx", 4, 15, 30, 30, 120, Medium: "affiliate", Campaign: "coupons"),
        new("Direct", "(direct)", 10, 20, 45, 40, 200),
    ];

    public static DemoChannel First(DemoDice dice)
    {
        var at = dice.Int(All.Sum(c => c.Weight));
        foreach (var channel in All)
            if ((at -= channel.Weight) < 0) return channel;
        return All[0];
    }

    /// <summary>People come back directly or by mail more often than they are found anew.</summary>
    public static DemoChannel Later(DemoDice dice) => dice.Percent(45) ? All[^1] : dice.Percent(40) ? All[3] : First(dice);

    /// <summary>The campaign of one demo: another seed has campaigns of its own, with costs of their own.</summary>
    public string CampaignOf(string seed) => $"{Campaign}-{seed}";

    /// <summary>Puts the source of a visit on its first page view.</summary>
    public void Mark(JsonObject pageView, string seed)
    {
        if (Referrer is not null) pageView["referrer"] = Referrer;
        if (Medium is not null) pageView["campaign"] = new JsonObject { ["source"] = Source, ["medium"] = Medium, ["campaign"] = CampaignOf(seed) };
        if (Query is not null) pageView["url"] = pageView["url"]!.GetValue<string>() + "?" + Query;
    }
}
