namespace ClosedLoop.Streaming.Reports.Tests;

public class ChannelsSqlTests
{
    public static TheoryData<string> Hostile => new(
        "'; DROP TABLE closedloop.events; --", "\\", "{site:String}", "' OR 1=1", "*/ SELECT file('/etc/passwd')", "\0", "ünïcödé", "))) UNION ALL SELECT 1");

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Text_from_outside_is_a_parameter_and_never_part_of_the_question(string text)
    {
        var plain = ReportRequestTests.Read("channel=a&source=b&campaign=c&segment=d&device=e&country=f");
        var hostile = plain with { Where = plain.Where.ToDictionary(w => w.Key, _ => text) };
        var query = ChannelsSql.Of(hostile, hostile.Period, total: false, 100);
        Assert.Equal(ChannelsSql.Of(plain, plain.Period, total: false, 100).Sql, query.Sql);
        Assert.Equal(text, query.Parameters["f_channel"]);
    }

    [Fact]
    public void Every_parameter_of_the_text_has_a_value_and_the_other_way_round()
    {
        foreach (var interval in new[] { "", "&interval=day", "&interval=week", "&interval=month" })
        {
            var request = ReportRequestTests.Read("by=source&date=acquisition&segment=warm&device=mobile" + interval);
            var query = ChannelsSql.Of(request, request.Period, total: false, 100);
            var named = System.Text.RegularExpressions.Regex.Matches(query.Sql, @"\{(\w+):").Select(m => m.Groups[1].Value).ToHashSet();
            Assert.Superset(named, query.Parameters.Keys.ToHashSet());
        }
    }

    [Fact]
    public void The_total_has_one_row_whatever_it_is_split_by()
    {
        var request = ReportRequestTests.Read("by=campaign");
        Assert.Contains("'' AS name", ChannelsSql.Of(request, request.Period, total: true, 10).Sql, StringComparison.Ordinal);
    }
}
