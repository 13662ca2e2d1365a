using System.Text;
using System.Text.RegularExpressions;
using ClosedLoop.Streaming.Visitors.Sources;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Visitors.Tests.Sources;

/// <summary>The hand-written matches against the regular expressions that they stand for.</summary>
public class ShopCampaignTests
{
    private static readonly Regex Shop = new("^(.*(([^a-df-z]|^)shop|shopping).*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    private static readonly Regex PaidMedium = new("^(.*cp.*|ppc|retargeting|paid.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    [Fact]
    public void Equal_the_regular_expressions_on_any_text()
    {
        var words = Gen.Elements("shop", "Shop", "e", "E", "w", "ping", " ", "-", "sho", "p", "c", "cp", "paid", "ppc", "retargeting", "7");
        var texts = Gen.ListOf(words).Select(parts => string.Concat(parts)).ToArbitrary();
        Prop.ForAll(texts, text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Assert.Equal(Shop.IsMatch(text), ChannelGrouping.IsShopCampaign(bytes));
            Assert.Equal(PaidMedium.IsMatch(text), ChannelGrouping.IsPaid(bytes));
        }).QuickCheckThrowOnFailure();
    }
}
