using System.Text.RegularExpressions;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Simulation.Tests;

/// <summary>Where a hit of the generated traffic came from, by the words of FIELD.md §6; null is direct, internal or back from a payment.</summary>
internal sealed record NaiveSource(string Source, string Medium, string Campaign, string ClickId, bool IsCampaign, string Channel)
{
    private static readonly string[] Search = ["google"], Social = ["facebook"], Video = ["youtube"], Shopping = ["amazon"];

    public static bool IsPayment(Seen e) => !IsLink(e) && e[Field.Referrer].Contains("paypal", StringComparison.Ordinal) && !NamesCampaign(e);

    public bool IsSameCampaign(NaiveSource other) =>
        (Source, Medium, Campaign, ClickId) == (other.Source, other.Medium, other.Campaign, other.ClickId);

    public static NaiveSource? Of(Seen e)
    {
        var referrer = IsLink(e) ? "" : e[Field.Referrer];
        if (referrer.Contains("shop.example", StringComparison.Ordinal)) return null;
        var (source, medium) = OfReferrer(referrer);
        if (!NamesCampaign(e))
            return referrer.Length == 0 || IsPayment(e) ? null : new NaiveSource(source, medium, "", "", false, OfReferrerChannel(referrer));
        if (e[Field.Source].Length > 0) (source, medium) = (e[Field.Source], e[Field.Medium]);
        else if (e[Field.ClickId].Length > 0)
        {
            // A click id names its network, unless another engine or a video brought it.
            if (source is not ("google" or "youtube")) source = "google";
            medium = "cpc";
        }
        return new NaiveSource(source, medium, e[Field.Campaign], e[Field.ClickId], true, ChannelOf(source, medium, e[Field.Campaign], e[Field.ClickId].Length > 0));
    }

    private static bool IsLink(Seen e) => e.Record.Has(Field.LinkSlug);

    private static bool NamesCampaign(Seen e) => e[Field.Source].Length + e[Field.Campaign].Length + e[Field.ClickId].Length > 0;

    private static (string Source, string Medium) OfReferrer(string referrer) =>
        referrer.Contains("google", StringComparison.Ordinal) ? ("google", "organic")
        : referrer.Contains("facebook", StringComparison.Ordinal) ? ("facebook", "social")
        : referrer.Contains("youtube", StringComparison.Ordinal) ? ("youtube", "referral")
        : ("other", "referral");

    private static string OfReferrerChannel(string referrer) =>
        referrer.Contains("google", StringComparison.Ordinal) ? "Organic Search"
        : referrer.Contains("facebook", StringComparison.Ordinal) ? "Organic Social"
        : referrer.Contains("youtube", StringComparison.Ordinal) ? "Organic Video"
        : referrer.Contains("chatgpt", StringComparison.Ordinal) ? "AI Assistants" : "Referral";

    private static string ChannelOf(string source, string medium, string campaign, bool hasClick)
    {
        var paid = Regex.IsMatch(medium, "^(.*cp.*|ppc|retargeting|paid.*)$");
        var shop = Shopping.Contains(source) || Regex.IsMatch(campaign, "^(.*(([^a-df-z]|^)shop|shopping).*)$");
        if (shop && paid) return "Paid Shopping";
        if (Search.Contains(source) && paid) return "Paid Search";
        if (Social.Contains(source) && paid) return "Paid Social";
        if (Video.Contains(source) && paid) return "Paid Video";
        if (medium is "display" or "banner" or "expandable" or "interstitial" or "cpm") return "Display";
        if (paid) return "Paid Other";
        if (shop) return "Organic Shopping";
        if (Social.Contains(source) || medium is "social") return "Organic Social";
        if (Video.Contains(source) || medium.Contains("video", StringComparison.Ordinal)) return "Organic Video";
        if (Search.Contains(source) || medium == "organic") return hasClick ? "Paid Search" : "Organic Search";
        if (medium is "email" || source is "email") return "Email";
        if (medium == "affiliate") return "Affiliates";
        return medium == "audio" ? "Audio" : "Unassigned";
    }
}
