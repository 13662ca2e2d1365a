using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Visitors.Tests.Sources;

/// <summary>Hits that name no campaign: the referrer decides.</summary>
public class ReferrerRowTests
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
}
