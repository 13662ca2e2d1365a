using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments.Tests;

public class StageRulesTests
{
    [Theory]
    [InlineData("page_views >= ", null, "mql", 14)]
    [InlineData("page_views >= 3", "stage = 3", "sql", 8)]
    [InlineData("nonsense", "stage = 3", "mql", 0)]
    [InlineData("", null, "mql", 0)]
    public void A_mistake_is_named_with_its_stage_and_place(string? mql, string? sql, string stage, int position)
    {
        Assert.False(StageRules.TryCompile(mql, sql, out _, out var named, out var mistake));
        Assert.Equal((stage, position), (named, mistake.Position));
    }

    [Theory]
    [InlineData(Stage.Visitor, Stage.Visitor)]
    [InlineData(Stage.Lead, Stage.Mql)]
    [InlineData(Stage.Mql, Stage.Sql)]
    [InlineData(Stage.Sql, Stage.Sql)]
    [InlineData(Stage.Customer, Stage.Customer)]
    [InlineData(Stage.Repeat, Stage.Repeat)]
    [InlineData(Stage.Lost, Stage.Lost)]
    public void Only_leads_and_mqls_are_asked_about(Stage stage, Stage expected)
    {
        Assert.True(StageRules.TryCompile("true", "true", out var rules, out _, out _));
        var due = long.MaxValue;
        Assert.Equal(expected, rules.Asks(new Streaming.Visitors.Person().Of(new History()), stage, 1, ref due));
    }
}
