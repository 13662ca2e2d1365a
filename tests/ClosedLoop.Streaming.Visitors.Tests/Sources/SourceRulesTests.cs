using System.Text;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Visitors.Tests.Sources;

/// <summary>The site itself, payment, search terms, links, own rules, and what a person names.</summary>
public class SourceRulesTests
{
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
