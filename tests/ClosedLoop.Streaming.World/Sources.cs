using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.World;

/// <summary>Where generated page views come from.</summary>
public static class Sources
{
    private static readonly string?[] Referrers =
    [
        null, null, null, "https://shop.example/list", "https://shop.example/list", "https://www.google.com/", "https://www.facebook.com/",
        "https://www.youtube.com/watch", "https://chatgpt.com/", "https://blog.example/post", "https://www.paypal.com/",
    ];

    private static readonly (string Source, string Medium, string? Campaign)[] Campaigns =
    [
        ("google", "cpc", "brand"), ("google", "organic", null), ("facebook", "paid_social", "spring"), ("facebook", "social", null),
        ("news", "email", "october"), ("news", "email", "november"), ("partner", "affiliate", null), ("display", "banner", "shop-sale"),
        ("podcast", "audio", null), ("youtube", "video", "launch"), ("amazon", "cpc", "shopping week"), ("unknown", "strange", null),
    ];

    /// <summary>Adds a referrer, a campaign, a click id, or nothing.</summary>
    public static Hit Choose(Random random, Hit hit)
    {
        hit.With(Field.Referrer, Referrers[random.Next(Referrers.Length)]);
        var what = random.Next(10);
        if (what < 2)
        {
            var (source, medium, campaign) = Campaigns[random.Next(Campaigns.Length)];
            hit.Campaign(source, medium, campaign);
        }
        else if (what == 2)
        {
            hit.With(Field.ClickId, $"click{random.Next(3)}").With(Field.Network, "Google Ads");
        }
        return hit;
    }
}
