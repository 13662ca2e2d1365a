using System.Text;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Visitors.Tests.Sources;

public class SourceRulesTests
{
    [Theory]
    [InlineData("", "Direct", "(direct)", "(none)", "", "")]
    [InlineData("about:blank", "Direct", "(direct)", "(none)", "unknown", "")]
    [InlineData("https://www.google.com/", "Organic Search", "google", "organic", "search", "Google")]
    [InlineData("https://www.google.co.uk/search?x=1", "Organic Search", "google", "organic", "search", "Google")]
    [InlineData("https://google.de/", "Organic Search", "google", "organic", "search", "Google")]
    [InlineData("https://WWW.Google.COM.BR/", "Organic Search", "google", "organic", "search", "Google")]
    [InlineData("android-app://com.google.android.googlequicksearchbox/", "Organic Search", "google", "organic", "search", "Google")]
    [InlineData("https://de.search.yahoo.com/search", "Organic Search", "yahoo", "organic", "search", "Yahoo")]
    [InlineData("https://duckduckgo.com/", "Organic Search", "duckduckgo", "organic", "search", "DuckDuckGo")]
    [InlineData("https://yandex.com.tr/", "Organic Search", "yandex", "organic", "search", "Yandex")]
    [InlineData("https://m.facebook.com/", "Organic Social", "facebook", "social", "social", "Facebook")]
    [InlineData("https://lm.facebook.com/l.php", "Organic Social", "facebook", "social", "social", "Facebook")]
    [InlineData("https://l.instagram.com/", "Organic Social", "instagram", "social", "social", "Instagram")]
    [InlineData("https://t.co/abc", "Organic Social", "twitter", "social", "social", "X")]
    [InlineData("https://out.reddit.com/t3", "Organic Social", "reddit", "social", "social", "Reddit")]
    [InlineData("android-app://org.telegram.messenger/", "Organic Social", "telegram", "social", "social", "Telegram")]
    [InlineData("https://mastodon.gamedev.place/", "Organic Social", "mastodon", "social", "social", "Mastodon")]
    [InlineData("https://www.youtube.com/watch", "Organic Video", "youtube", "referral", "video", "YouTube")]
    [InlineData("https://www.amazon.co.jp/dp/1", "Organic Shopping", "amazon", "referral", "shopping", "Amazon")]
    [InlineData("https://chatgpt.com/", "AI Assistants", "chatgpt", "referral", "ai", "ChatGPT")]
    [InlineData("https://gemini.google.com/app", "AI Assistants", "gemini", "referral", "ai", "Gemini")]
    [InlineData("https://x.com/i/grok?conversation=1", "AI Assistants", "grok", "referral", "ai", "Grok")]
    [InlineData("https://www.perplexity.ai/search/x", "AI Assistants", "perplexity", "referral", "ai", "Perplexity")]
    [InlineData("https://www.bing.com/chat?q=x", "AI Assistants", "copilot", "referral", "ai", "Copilot")]
    [InlineData("https://www.bing.com/search", "Organic Search", "bing", "organic", "search", "Bing")]
    [InlineData("https://mail.google.com/mail/u/0/", "Referral", "mail.google.com", "referral", "email", "Gmail")]
    [InlineData("https://docs.google.com/document/1", "Referral", "docs.google.com", "referral", "referral", "")]
    [InlineData("https://www.partner.example/page", "Referral", "partner.example", "referral", "referral", "")]
    [InlineData("https://notgoogle.com/", "Referral", "notgoogle.com", "referral", "referral", "")]
    [InlineData("https://google.com.evil.example/", "Referral", "google.com.evil.example", "referral", "referral", "")]
    [InlineData("https://google.com@evil.example/", "Referral", "evil.example", "referral", "referral", "")]
    [InlineData("https://evil.example\\@google.com/", "Referral", "evil.example", "referral", "referral", "")]
    [InlineData("http://192.0.2.7:8080/x", "Referral", "192.0.2.7", "referral", "referral", "")]
    [InlineData("partner.example/page", "Referral", "partner.example", "referral", "referral", "")]
    public void A_referrer_without_campaign(string referrer, string channel, string source, string medium, string refrMedium, string refrSource)
    {
        var row = SourceRow.Of(referrer);
        Assert.Equal((channel, source, medium, refrMedium, refrSource), (row.Channel, row.Source, row.Medium, row.RefrMedium, row.RefrSource));
        Assert.False(row.HasCampaign);
        Assert.Equal(channel == "Direct", row.IsDirect);
    }

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

    [Theory]
    [InlineData("https://shop.example/a", "https://shop.example/b?utm_source=google&utm_medium=cpc")]
    [InlineData("https://www.shop.example/a", "https://shop.example/b?gclid=1")]
    [InlineData("https://SHOP.example/", "https://shop.example/b")]
    [InlineData("https://other.example/", "https://other.example/b?utm_source=x")]
    public void A_site_is_no_source_of_itself(string referrer, string page)
    {
        var row = SourceRow.Of(referrer, page);
        Assert.True(row.IsInternal);
        Assert.False(row.HasCampaign);
        Assert.Equal(("Direct", "internal", 0ul), (row.Channel, row.RefrMedium, row.Hash));
    }

    [Theory]
    [InlineData("https://www.paypal.com/checkoutnow")]
    [InlineData("https://checkout.stripe.com/")]
    [InlineData("https://pay.klarna.com/")]
    [InlineData("https://payments.amazon.de/")]
    [InlineData("https://secure.payu.com/")]
    public void A_return_from_paying_is_no_referral(string referrer)
    {
        var row = SourceRow.Of(referrer);
        Assert.True(row.IsPayment);
        Assert.Equal(("Direct", "payment"), (row.Channel, row.RefrMedium));
        Assert.False(row.HasCampaign);
    }

    [Theory]
    [InlineData("https://www.google.com/search?q=red+tent%20big", "red tent big")]
    [InlineData("https://search.yahoo.com/search?p=zelt&fr=x", "zelt")]
    [InlineData("https://yandex.ru/search/?text=%D0%BF%D0%B0%D0%BB%D0%B0%D1%82%D0%BA%D0%B0", "палатка")]
    [InlineData("https://www.baidu.com/s?wd=%E5%B8%90%E7%AF%B7", "帐篷")]
    [InlineData("https://www.facebook.com/?q=x", "")]
    [InlineData("https://search.some-portal.co.nz/web?q=tents", "tents")]
    public void What_was_searched_for(string referrer, string term) => Assert.Equal(term, SourceRow.Of(referrer).RefrTerm);

    [Theory]
    [InlineData("Offline", "Offline")]
    [InlineData("qr", "Offline")]
    [InlineData("print", "Offline")]
    [InlineData("paid search", "Paid Search")]
    [InlineData("Kiosk", "Kiosk")]
    public void A_links_channel_stands(string written, string channel) =>
        Assert.Equal(channel, SourceRow.Of("", "https://shop.example/?utm_source=fair&utm_medium=whatever", linkChannel: written).Channel);

    [Fact]
    public void A_sites_own_rules_come_first()
    {
        var rules = SourceRow.Rules with
        {
            ChannelRules = [new("Partners", source: "*.partner.example"), new("Brand", source: "GOOGLE", medium: "cpc", campaign: "brand*"), new("Forum", referrer: "forum.*")],
        };
        Assert.Equal("Partners", SourceRow.Of("https://blog.partner.example/", rules: rules).Channel);
        Assert.Equal("Brand", SourceRow.Of("", "https://shop.example/?utm_source=google&utm_medium=CPC&utm_campaign=Brand%20DE", rules).Channel);
        Assert.Equal("Paid Search", SourceRow.Of("", "https://shop.example/?utm_source=google&utm_medium=cpc&utm_campaign=other", rules).Channel);
        Assert.Equal("Forum", SourceRow.Of("https://forum.gardeners.example/t/1", rules: rules).Channel);
    }

    [Theory]
    [InlineData("Instagram", "Organic Social")]
    [InlineData("google", "Organic Search")]
    [InlineData("ChatGPT", "AI Assistants")]
    [InlineData("YouTube", "Organic Video")]
    [InlineData("trade fair", "Offline")]
    [InlineData("Newsletter", "Email")]
    [InlineData("a friend", "Unassigned")]
    public void A_source_that_a_person_named(string heardFrom, string channel)
    {
        var row = SourceRow.From(SourceRules.ResolveReported(Encoding.UTF8.GetBytes(heardFrom), SiteRules.Default));
        Assert.Equal((channel, heardFrom, "reported"), (row.Channel, row.Source, row.Medium));
    }

    [Fact]
    public void A_reload_has_the_same_campaign_and_another_click_id_has_not()
    {
        var first = SourceRow.Of("", "https://shop.example/?utm_source=a&gclid=1").Hash;
        Assert.Equal(first, SourceRow.Of("https://www.google.com/", "https://shop.example/other?gclid=1&utm_source=a").Hash);
        Assert.NotEqual(first, SourceRow.Of("", "https://shop.example/?utm_source=a&gclid=2").Hash);
    }
}
