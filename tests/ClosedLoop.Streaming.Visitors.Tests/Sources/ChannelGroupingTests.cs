using System.Text;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Visitors.Tests.Sources;

/// <summary>The rows of the default channel grouping, each rule and its neighbours.</summary>
public class ChannelGroupingTests
{
    [Theory]
    // 1 Direct
    [InlineData("", "", "", "Direct")]
    [InlineData("(direct)", "(none)", "", "Direct")]
    [InlineData("(direct)", "(not set)", "", "Direct")]
    [InlineData("(Direct)", "(None)", "summer", "Direct")]
    // 2 Cross-network
    [InlineData("google", "cpc", "Cross-Network summer", "Cross-network")]
    [InlineData("newsletter", "email", "x-cross-network", "Cross-network")]
    // 3 Paid Shopping
    [InlineData("amazon", "cpc", "", "Paid Shopping")]
    [InlineData("google", "ppc", "eshop summer", "Paid Shopping")]
    [InlineData("google", "cpc", "shop now", "Paid Shopping")]
    [InlineData("google", "paid", "bestshopping", "Paid Shopping")]
    [InlineData("google", "cpc", "workshop tickets", "Paid Search")]
    [InlineData("google", "cpc", "webshop", "Paid Search")]
    [InlineData("google", "cpc", "web-shop", "Paid Shopping")]
    // 4 Paid Search
    [InlineData("google", "cpc", "", "Paid Search")]
    [InlineData("Google", "CPC", "", "Paid Search")]
    [InlineData("bing", "ppc", "", "Paid Search")]
    [InlineData("duckduckgo.com", "paidsearch", "", "Paid Search")]
    [InlineData("www.google.co.uk", "cpc", "", "Paid Search")]
    [InlineData("baidu", "retargeting", "", "Paid Search")]
    // 5 Paid Social
    [InlineData("facebook", "cpc", "", "Paid Social")]
    [InlineData("fb", "paid_social", "", "Paid Social")]
    [InlineData("ig", "paid", "", "Paid Social")]
    [InlineData("linkedin", "cpm", "", "Paid Social")]
    [InlineData("m.facebook.com", "cpc", "", "Paid Social")]
    // 6 Paid Video
    [InlineData("youtube", "cpv", "", "Paid Video")]
    [InlineData("youtube", "cpc", "", "Paid Video")]
    [InlineData("vimeo.com", "paid-video", "", "Paid Video")]
    // 7 Display
    [InlineData("news", "display", "", "Display")]
    [InlineData("news", "Banner", "", "Display")]
    [InlineData("news", "expandable", "", "Display")]
    [InlineData("news", "interstitial", "", "Display")]
    [InlineData("news", "cpm", "", "Display")]
    [InlineData("google", "display", "", "Display")]
    // 8 Paid Other
    [InlineData("news", "cpc", "", "Paid Other")]
    [InlineData("news", "retargeting", "", "Paid Other")]
    [InlineData("chatgpt.com", "cpc", "", "Paid Other")]
    // 9 Organic Shopping
    [InlineData("amazon", "referral", "", "Organic Shopping")]
    [InlineData("partner", "link", "shopping week", "Organic Shopping")]
    // 10 Organic Social
    [InlineData("facebook", "referral", "", "Organic Social")]
    [InlineData("t.co", "", "", "Organic Social")]
    [InlineData("blog", "social", "", "Organic Social")]
    [InlineData("blog", "sm", "", "Organic Social")]
    [InlineData("blog", "social network", "", "Organic Social")]
    [InlineData("blog", "social-media", "", "Organic Social")]
    // 11 Organic Video
    [InlineData("youtube", "referral", "", "Organic Video")]
    [InlineData("blog", "product-video", "", "Organic Video")]
    // 12 Organic Search
    [InlineData("google", "", "", "Organic Search")]
    [InlineData("unknown-engine", "organic", "", "Organic Search")]
    // ours: AI Assistants, Offline
    [InlineData("chatgpt.com", "", "", "AI Assistants")]
    [InlineData("perplexity", "referral", "", "AI Assistants")]
    [InlineData("copilot.microsoft.com", "link", "", "AI Assistants")]
    [InlineData("flyer-berlin", "qr", "", "Offline")]
    [InlineData("gazette", "Print", "spring", "Offline")]
    // 13 Referral
    [InlineData("partner.example", "referral", "", "Referral")]
    [InlineData("partner.example", "app", "", "Referral")]
    [InlineData("partner.example", "link", "", "Referral")]
    // 14 Email
    [InlineData("newsletter", "", "", "Email")]
    [InlineData("crm", "email", "", "Email")]
    [InlineData("crm", "E-Mail", "", "Email")]
    [InlineData("crm", "e_mail", "", "Email")]
    [InlineData("e mail", "may", "", "Email")]
    // 15 – 19
    [InlineData("partner", "affiliate", "", "Affiliates")]
    [InlineData("podcast", "audio", "", "Audio")]
    [InlineData("sms", "", "", "SMS")]
    [InlineData("crm", "SMS", "", "SMS")]
    [InlineData("app", "web-push", "", "Mobile Push Notifications")]
    [InlineData("app", "mobile-banner", "", "Mobile Push Notifications")]
    [InlineData("app", "notification2", "", "Mobile Push Notifications")]
    [InlineData("firebase", "x", "", "Mobile Push Notifications")]
    [InlineData("blog", "whatever", "", "Unassigned")]
    public void A_row_of_the_grouping(string source, string medium, string campaign, string channel) =>
        Assert.Equal(channel, Of(source, medium, campaign));

    [Theory]
    [InlineData("cpc", true)]
    [InlineData("xcpy", true)]
    [InlineData("ppc", true)]
    [InlineData("PPC", true)]
    [InlineData("retargeting", true)]
    [InlineData("paid", true)]
    [InlineData("paid-anything", true)]
    [InlineData("unpaid", false)]
    [InlineData("ppc2", false)]
    [InlineData("retargeting2", false)]
    [InlineData("", false)]
    public void Paid_is_the_fields_pattern(string medium, bool paid) => Assert.Equal(paid, ChannelGrouping.IsPaid(Encoding.UTF8.GetBytes(medium)));

    private static string Of(string source, string medium, string campaign) =>
        Encoding.UTF8.GetString(ChannelGrouping.Of(Encoding.UTF8.GetBytes(source), Encoding.UTF8.GetBytes(medium), Encoding.UTF8.GetBytes(campaign)));
}
