using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.World;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ClosedLoop.Streaming.Reports.Tests;

/// <summary>A story of five buyers and the files that an ad network gets of them.</summary>
public sealed class ConversionsTests(ChdbFixture chdb)
{
    private const long Hour = 3_600_000, Day = 24 * Hour;
    private static readonly long Noon = new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Fact]
    public async Task Google_gets_what_its_clicks_brought_net_of_refunds_with_columns_for_other_ids()
    {
        await PlantAsync("upload");
        var file = await FileAsync("upload", "format=google_ads&name=Sale");
        Assert.Equal("""
            Parameters:TimeZone=Europe/Berlin
            Google Click ID,WBRAID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency
            gclid-1,,Sale,2026-11-04 13:00:01,80.00,EUR
            ,wbraid-4,Sale,2026-11-04 13:00:04,30.00,EUR

            """.ReplaceLineEndings("\r\n"), file);
        Assert.Equal("""
            Parameters:TimeZone=Europe/Berlin
            Google Click ID,Conversion Name,Conversion Time,Adjustment Time,Adjustment Type,Adjusted Value,Adjusted Value Currency
            gclid-1,order,2026-11-04 13:00:01,2026-11-06 13:00:00,RESTATE,80.00,EUR
            gclid-2,order,2026-11-04 13:00:02,2026-11-06 13:00:00,RETRACT,,

            """.ReplaceLineEndings("\r\n"), await FileAsync("upload", "format=google_ads_adjustments"));
        Assert.StartsWith("Parameters:TimeZone=UTC\r\nGoogle Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency\r\n",
            await FileAsync("upload", "format=google_ads&kind=deal&timezone=UTC"));
    }

    [Fact]
    public async Task The_generic_file_has_everything_and_no_formula()
    {
        await PlantAsync("generic");
        var lines = (await FileAsync("generic", "format=generic&kind=order")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(7, lines.Length);
        Assert.Contains(lines, l => l.Contains(",msclk-3,Microsoft,,", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains(",'=cmd(),Google Ads,gclid,", StringComparison.Ordinal));
        // The click was too long ago.
        Assert.Contains(lines, l => l.Contains("O-6,,1,", StringComparison.Ordinal) && l.Contains(",,,,,,,,,", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("format=bing", "format")]
    [InlineData("kind=view", "kind")]
    [InlineData("kind=order,", "kind")]
    [InlineData("model=linear", "model")]
    public void A_mistake_names_its_parameter(string query, string parameter) =>
        Assert.Equal(parameter, Assert.Throws<ReportMistake>(() => Read(query, "demo")).Parameter);

    [Fact]
    public async Task Every_filter_is_a_question_that_the_engine_understands()
    {
        foreach (var query in new[] { "channel=a&source=b&campaign=c", "segment=warm", "device=mobile&country=DE", "format=google_ads_adjustments&segment='" })
        {
            var answer = await new ConversionsReport(chdb.Warehouse, new ReportsOptions(), TimeProvider.System).AnswerAsync(Read(query, "empty"), TestContext.Current.CancellationToken);
            Assert.Empty(answer.Now.Rows);
            Assert.Equal(answer.Columns.Count, answer.Now.Totals.Length);
        }
    }

    private async Task<string> FileAsync(string site, string query)
    {
        var request = Read("from=2026-11-01&to=2026-11-20&" + query, site);
        var answer = await new ConversionsReport(chdb.Warehouse, new ReportsOptions(), TimeProvider.System).AnswerAsync(request, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(request.Format switch
        {
            ConversionsRequest.GoogleAds => GoogleAdsFile.Conversions(request, answer),
            ConversionsRequest.GoogleAdjustments => GoogleAdsFile.Adjustments(request, answer),
            _ => answer.Csv(),
        });
    }

    private static ConversionsRequest Read(string query, string site) => ConversionsRequest.Read(
        new QueryCollection(QueryHelpers.ParseQuery(query)), ChannelsRequestTests.Settings(site), new DateTimeOffset(2026, 11, 21, 23, 30, 0, TimeSpan.Zero), new ReportsOptions());

    private async Task PlantAsync(string site)
    {
        _ = chdb.Warehouse;
        using var world = new World.World(site: new Site { Id = site, Hosts = ["shop.example"], Currency = "EUR" }, segments: []);
        void Say(Hit hit) => world.Append(hit.On(site).Record());
        void Buyer(int number, string parameter, string click, string network, decimal value, long clickAt)
        {
            var visitor = $"b{number}";
            Say(Hit.Page(visitor, clickAt, $"/?{parameter}={click}").With(Field.ClickId, click).With(Field.Network, network));
            Say(Hit.Of("form_submit", visitor, Noon + Hour).Email($"mail{number}"));
            Say(Hit.About("purchase", $"e:mail{number}", Noon + 2 * Day + number * 1000).Money($"O-{number}", value));
        }
        Buyer(1, "gclid", "gclid-1", "Google Ads", 100, Noon);
        Buyer(2, "gclid", "gclid-2", "Google Ads", 50, Noon);
        Buyer(3, "msclkid", "msclk-3", "Microsoft", 40, Noon);
        Buyer(4, "wbraid", "wbraid-4", "Google Ads", 30, Noon);
        Buyer(5, "gclid", "=cmd()", "Google Ads", 20, Noon);
        Buyer(6, "gclid", "gclid-6", "Google Ads", 10, Noon - 100 * Day);
        world.Run();
        Say(Hit.About("refund", "e:mail1", Noon + 4 * Day).Money("O-1", 20));
        Say(Hit.About("refund", "e:mail2", Noon + 4 * Day).Money("O-2", 50));
        world.Run();
        await chdb.InsertAsync(world.Facts);
    }
}
