namespace ClosedLoop.Streaming.Visitors.Tests.Sources;

/// <summary>Hits that name a campaign or carry a click id.</summary>
public class CampaignRowTests
{
    [Theory]
    [InlineData("utm_source=google&utm_medium=cpc", "", "Paid Search", "google", "cpc")]
    [InlineData("utm_source=newsletter&utm_medium=email&utm_campaign=may", "https://mail.google.com/", "Email", "newsletter", "email")]
    [InlineData("UTM_Source=Partner&utm_medium=Affiliate", "https://www.google.com/", "Affiliates", "Partner", "Affiliate")]
    [InlineData("utm_source=chatgpt.com", "", "AI Assistants", "chatgpt.com", "")]
    // Click ids without utm
    [InlineData("gclid=abc", "https://www.google.com/", "Paid Search", "google", "cpc")]
    [InlineData("gclid=abc", "", "Paid Search", "google", "cpc")]
    [InlineData("wbraid=abc", "https://www.google.com/", "Paid Search", "google", "cpc")]
    [InlineData("msclkid=abc", "https://www.bing.com/", "Paid Search", "bing", "cpc")]
    [InlineData("msclkid=abc", "https://search.yahoo.com/", "Paid Search", "yahoo", "cpc")]
    [InlineData("msclkid=abc", "https://duckduckgo.com/", "Paid Search", "duckduckgo", "cpc")]
    [InlineData("gclid=abc", "https://www.youtube.com/", "Paid Video", "youtube", "cpc")]
    [InlineData("dclid=abc", "https://news.example/", "Display", "google", "display")]
    [InlineData("ttclid=abc", "https://www.tiktok.com/", "Paid Social", "tiktok", "cpc")]
    [InlineData("fbclid=abc", "https://l.facebook.com/", "Organic Social", "facebook", "social")]
    [InlineData("fbclid=abc", "", "Organic Social", "facebook", "social")]
    [InlineData("fbclid=abc", "https://blog.example/", "Referral", "blog.example", "referral")]
    [InlineData("fbclid=abc&utm_source=facebook&utm_medium=cpc", "", "Paid Social", "facebook", "cpc")]
    [InlineData("srsltid=abc", "https://www.google.com/", "Organic Search", "google", "organic")]
    [InlineData("srsltid=abc", "", "Organic Search", "google", "organic")]
    [InlineData("mc_cid=abc", "", "Email", "mailchimp", "email")]
    [InlineData("irclid=abc", "https://coupons.example/", "Affiliates", "impact", "affiliate")]
    // Both
    [InlineData("utm_source=google&gclid=abc", "", "Paid Search", "google", "cpc")]
    [InlineData("utm_source=google&utm_medium=organic&gclid=abc", "", "Paid Search", "google", "organic")]
    [InlineData("utm_source=newsletter&utm_medium=email&gclid=abc", "", "Email", "newsletter", "email")]
    // Parts
    [InlineData("utm_campaign=may", "https://www.google.com/", "Organic Search", "google", "organic")]
    [InlineData("utm_campaign=may", "", "Direct", "(direct)", "(none)")]
    [InlineData("utm_medium=cpc", "https://www.bing.com/", "Paid Search", "bing", "cpc")]
    [InlineData("mtm_source=facebook&mtm_medium=social", "", "Organic Social", "facebook", "social")]
    public void A_campaign(string query, string referrer, string channel, string source, string medium)
    {
        var row = SourceRow.Of(referrer, "https://shop.example/?" + query);
        Assert.Equal((channel, source, medium), (row.Channel, row.Source, row.Medium));
        Assert.True(row.HasCampaign);
        Assert.NotEqual(0ul, row.Hash);
    }
}
