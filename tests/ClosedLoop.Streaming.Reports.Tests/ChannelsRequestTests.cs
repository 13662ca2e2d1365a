using System.Collections.Frozen;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ClosedLoop.Streaming.Reports.Tests;

public class ChannelsRequestTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 23, 30, 0, TimeSpan.Zero);

    internal static SettingsSnapshot Settings(params string[] sites) => new()
    {
        Sites = sites.ToFrozenDictionary(s => s, s => new Site { Id = s, TimeZone = "Europe/Berlin" }, StringComparer.Ordinal),
        SitesByName = sites.ToFrozenDictionary(s => s, s => new Site { Id = s, TimeZone = "Europe/Berlin" }, StringComparer.Ordinal),
    };

    internal static ChannelsRequest Read(string query, params string[] sites) =>
        ChannelsRequest.Read(new QueryCollection(QueryHelpers.ParseQuery(query)), Settings(sites.Length == 0 ? ["demo"] : sites), Now, new ReportsOptions());

    [Fact]
    public void Without_parameters_it_is_the_last_thirty_days_of_the_only_site_in_its_own_zone()
    {
        var request = Read("");
        Assert.Equal("demo", request.Scope.Site.Id);
        // Half past eleven in UTC is the next day in Berlin.
        Assert.Equal((new DateOnly(2026, 10, 24), new DateOnly(2026, 11, 22)), (request.Scope.Period.From, request.Scope.Period.To));
        Assert.Equal(["last_non_direct"], request.Models);
    }

    [Fact]
    public void A_day_is_a_day_of_the_zone_also_when_the_clock_changes()
    {
        var request = Read("from=2026-10-25&to=2026-10-25&timezone=Europe/Berlin");
        Assert.Equal(25, (request.Scope.Period.UntilUtc - request.Scope.Period.FromUtc).TotalHours);
        Assert.Equal(new DateTime(2026, 10, 24, 22, 0, 0, DateTimeKind.Utc), request.Scope.Period.FromUtc);
        Assert.Equal(new DateOnly(2026, 10, 24), request.Scope.Period.Previous.To);
    }

    [Theory]
    [InlineData("modle=linear", "modle")]
    [InlineData("model=best", "model")]
    [InlineData("by=colour", "by")]
    [InlineData("interval=hour", "interval")]
    [InlineData("compare=next", "compare")]
    [InlineData("date=today", "date")]
    [InlineData("from=21.11.2026", "from")]
    [InlineData("from=2026-11-22&to=2026-11-21", "from")]
    [InlineData("from=1960-01-01&to=1961-01-01", "from")]
    [InlineData("from=1990-01-01", "from")]
    [InlineData("timezone=Mars/Olympus", "timezone")]
    [InlineData("site=other", "site")]
    [InlineData("model=linear&model=linear", "model")]
    [InlineData("model=linear,linear", "model")]
    [InlineData("model=linear,", "model")]
    [InlineData("model=linear,first_touch,last_touch", "model")]
    [InlineData("as_known_on=2026-11-23", "as_known_on")]
    [InlineData("as_known_on=yesterday", "as_known_on")]
    [InlineData("as_known_on=1969-12-31", "as_known_on")]
    [InlineData("format=xml", "format")]
    [InlineData("to=0001-01-02", "from")]
    [InlineData("channel=a%00b", "channel")]
    public void A_mistake_names_its_parameter(string query, string parameter) =>
        Assert.Equal(parameter, Assert.Throws<ReportMistake>(() => Read(query)).Parameter);

    [Fact]
    public void Two_models_stand_side_by_side_and_runs_are_models_too() =>
        Assert.Equal(["markov", "first_touch"], Read("model=markov, first_touch").Models);

    [Fact]
    public void What_is_known_on_a_day_is_known_at_its_end_in_the_zone() =>
        Assert.Equal(new DateTime(2026, 11, 20, 23, 0, 0, DateTimeKind.Utc), Read("as_known_on=2026-11-20").KnownUntilUtc);

    [Fact]
    public void With_several_sites_one_must_be_named() =>
        Assert.Equal("site", Assert.Throws<ReportMistake>(() => Read("", "a", "b")).Parameter);

    [Fact]
    public void A_filter_that_is_too_long_is_refused() =>
        Assert.Equal("channel", Assert.Throws<ReportMistake>(() => Read("channel=" + new string('x', 201))).Parameter);
}
