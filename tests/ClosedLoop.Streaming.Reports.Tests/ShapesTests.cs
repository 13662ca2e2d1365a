namespace ClosedLoop.Streaming.Reports.Tests;

/// <summary>Every shape that a question can have is a question that the engine understands, whatever stands in its values.</summary>
public sealed class ShapesTests(ChdbFixture chdb)
{
    private static readonly string[] Filters = ["", "channel=Direct", "source=google&campaign=brand", "segment=warm", "device=mobile", "country=DE&segment=warm"];

    // Every value of every parameter with each of the others' values somewhere: a question of this size takes the engine tenths of a second.
    public static TheoryData<string> Shapes
    {
        get
        {
            string[] intervals = ["", "day", "week", "month"], more = ["by=channel", "by=source&model=linear,markov", "by=campaign&model=shapley&compare=previous"];
            var shapes = new TheoryData<string>();
            for (var n = 0; n < 12; n++)
                shapes.Add($"interval={intervals[n % 4]}&date={(n % 2 == 0 ? "" : "acquisition")}&as_known_on={(n / 2 % 2 == 0 ? "" : "2026-11-10")}&{more[n % 3]}&{Filters[n % 6]}");
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task The_engine_understands_every_shape(string shape)
    {
        var answer = await Ask(shape);
        Assert.Empty(answer.Now.Rows);
        Assert.Equal(answer.Columns.Count, answer.Now.Totals.Length);
        Assert.Equal(0L, answer.Now.Totals[answer.Columns.ToList().FindIndex(c => c.Name == "sessions")]);
    }

    [Theory]
    [MemberData(nameof(ChannelsSqlTests.Hostile), MemberType = typeof(ChannelsSqlTests))]
    public async Task Hostile_values_find_nothing_and_break_nothing(string text)
    {
        var all = string.Join('&', ReportScope.Filters.Select(filter => $"{filter}={Uri.EscapeDataString(text)}"));
        Assert.Empty((await Ask(all)).Now.Rows);
    }

    [Theory]
    [MemberData(nameof(ChannelsSqlTests.Hostile), MemberType = typeof(ChannelsSqlTests))]
    public async Task Hostile_patterns_are_only_patterns(string text)
    {
        var value = Uri.EscapeDataString(text);
        foreach (var query in new[] { $"start={value}", $"end={value}&of=channel&converted=order", $"start={value}&end={value}&segment={value}" })
        {
            var request = PathsRequestTests.Read(query, "empty");
            Assert.Equal(PathsSql.Of(request with { Start = Plain(request.Start), End = Plain(request.End) }, request.Scope.Period, new ReportsOptions()).Sql, PathsSql.Of(request, request.Scope.Period, new ReportsOptions()).Sql);
            Assert.Empty((await new PathsReport(chdb.Warehouse, new ReportsOptions(), TimeProvider.System).AnswerAsync(request, TestContext.Current.CancellationToken)).Now.Rows);
        }
    }

    private static string? Plain(string? pattern) => pattern is null ? null : "/";

    private Task<ReportAnswer> Ask(string query)
    {
        var options = new ReportsOptions();
        return new ChannelsReport(chdb.Warehouse, options, TimeProvider.System).AnswerAsync(ChannelsRequestTests.Read(query, "empty"), TestContext.Current.CancellationToken);
    }
}
