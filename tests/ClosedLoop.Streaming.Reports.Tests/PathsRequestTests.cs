using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ClosedLoop.Streaming.Reports.Tests;

public class PathsRequestTests
{
    internal static PathsRequest Read(string query, string site = "demo") => PathsRequest.Read(
        new QueryCollection(QueryHelpers.ParseQuery(query)), ChannelsRequestTests.Settings(site), new DateTimeOffset(2026, 11, 21, 23, 30, 0, TimeSpan.Zero), new ReportsOptions());

    [Theory]
    [InlineData("of=form", "of")]
    [InlineData("steps=0", "steps")]
    [InlineData("steps=21", "steps")]
    [InlineData("steps=1e1", "steps")]
    [InlineData("steps=-1", "steps")]
    [InlineData("nodes=101", "nodes")]
    [InlineData("converted=yes", "converted")]
    [InlineData("interval=day", "interval")]
    [InlineData("model=linear", "model")]
    [InlineData("start=/a&start=/b", "start")]
    public void A_mistake_names_its_parameter(string query, string parameter) =>
        Assert.Equal(parameter, Assert.Throws<ReportMistake>(() => Read(query)).Parameter);

    [Fact]
    public void The_message_says_what_is_allowed_and_in_which_unit() =>
        Assert.Equal("'steps' allows 1 to 20 steps.", Assert.Throws<ReportMistake>(() => Read("steps=99")).Message);

    [Fact]
    public void A_pattern_that_is_too_long_is_refused() =>
        Assert.Equal("start", Assert.Throws<ReportMistake>(() => Read("start=" + new string('x', 201))).Parameter);

    [Theory]
    [InlineData("/tents*", "/tents%")]
    [InlineData("100%_pure", @"100\%\_pure")]
    [InlineData(@"a\b", @"a\\b")]
    public void Only_the_star_stands_for_other_text(string pattern, string like) => Assert.Equal(like, PathsRequest.Like(pattern));
}
