using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.Reports.Tests;

public class ChannelsSqlTests
{
    private static readonly ReportsOptions Options = new();

    public static TheoryData<string> Hostile => new(
        "'; DROP TABLE closedloop.events; --", "\\", "{site:String}", "' OR 1=1", "*/ SELECT file('/etc/passwd')", "ünïcödé", "))) UNION ALL SELECT 1");

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Text_from_outside_is_a_parameter_and_never_part_of_the_question(string text)
    {
        var plain = ChannelsRequestTests.Read("channel=a&source=b&campaign=c&segment=d&device=e&country=f");
        var hostile = plain with { Scope = plain.Scope with { Where = plain.Scope.Where.ToDictionary(w => w.Key, _ => text) } };
        var query = ChannelsSql.Of(hostile, hostile.Scope.Period, Options);
        Assert.Equal(ChannelsSql.Of(plain, plain.Scope.Period, Options).Sql, query.Sql);
        Assert.Equal(text, query.Parameters["f_channel"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("interval=day")]
    [InlineData("interval=week&by=source&date=acquisition&segment=warm&device=mobile")]
    [InlineData("interval=month&as_known_on=2026-11-20&model=linear,markov&country=DE")]
    public void Every_parameter_of_the_text_has_a_value(string query)
    {
        var request = ChannelsRequestTests.Read(query);
        var asked = ChannelsSql.Of(request, request.Scope.Period, Options);
        var named = Regex.Matches(asked.Sql, @"\{(\w+):").Select(m => m.Groups[1].Value).ToHashSet();
        Assert.Empty(named.Except(asked.Parameters.Keys));
    }

    [Fact]
    public void The_columns_are_those_of_the_contract_in_its_order() => Assert.Equal(
        ["channel", "visitors", "sessions", "engaged_sessions", "leads", "mqls", "sqls", "customers", "conversions", "revenue", "cost", "impressions", "clicks",
            "ctr", "cpc", "cpl", "cac", "roi", "profit_roi", "clv", "days_to_customer", "referrer_lost_share"],
        ChannelsColumns.Of(ChannelsRequestTests.Read("")).Select(c => c.Name));

    [Fact]
    public void A_second_model_has_columns_of_its_own_behind_the_others()
    {
        var columns = ChannelsColumns.Of(ChannelsRequestTests.Read("model=linear,first_touch&interval=day")).Select(c => c.Name).ToList();
        Assert.Equal("day", columns[0]);
        Assert.Equal("referrer_lost_share", columns[22]);
        Assert.Equal(["leads_first_touch", "mqls_first_touch"], columns[23..25]);
        Assert.Equal("days_to_customer_first_touch", columns[^1]);
    }
}
