namespace ClosedLoop.Streaming.Segments.Tests;

public sealed class DefaultSegmentsTests
{
    private static readonly RuleSet Defaults = Sets.Of(DefaultSegments.Definitions);

    [Theory]
    [InlineData("", "cold")]
    [InlineData("page_views 2; sessions 1; days_since_last_visit 0", "cold")]
    [InlineData("page_views 3; sessions 1; days_since_last_visit 0", "warm")]
    [InlineData("page_views 2; sessions 2; days_since_last_visit 30", "warm")]
    [InlineData("page_views 9; sessions 2; days_since_last_visit 30.1", "cold")]
    [InlineData("page_views 9; days_since_last_visit 1; stage mql", "in_progress")]
    [InlineData("stage lead; form newsletter 1", "cold")]
    [InlineData("stage lead; form newsletter 1; form trial 29", "in_progress")]
    [InlineData("stage lead; form trial 31", "cold")]
    [InlineData("open_deals 1", "in_progress")]
    [InlineData("days_since_last_contact 12", "in_progress")]
    [InlineData("stage customer; orders 1; purchase_days 1; days_since_last_order 1", "active")]
    [InlineData("stage customer; orders 1; purchase_days 1; days_since_last_order 1; last_satisfaction 7", "active")]
    [InlineData("stage customer; orders 1; purchase_days 1; days_since_last_order 1; last_satisfaction 6", "in_progress at_risk")]
    [InlineData("orders 4; purchase_days 2; days_since_last_order 1", "active")]
    [InlineData("orders 4; purchase_days 3; days_since_last_order 60", "regular")]
    [InlineData("orders 4; purchase_days 3; days_since_last_order 61", "active")]
    [InlineData("orders 4; purchase_days 3; days_since_last_order 366", "cold lapsed")]
    public void A_person_is_in(string person, string segments)
    {
        var judgement = new Judgement();
        Assert.True(Defaults.Judge(Person.Of(person), Person.Now, [], judgement));
        Assert.Equal(segments, string.Join(' ', judgement.Changes.Select(change => change.Segment.Name)));
        Assert.All(judgement.Changes, change => Assert.True(change is { Entered: true, First: true, Previous: null }));
    }

    [Fact]
    public void Every_default_has_an_action_and_the_copy_beside_the_program_is_the_built_in_one()
    {
        Assert.All(DefaultSegments.Definitions, definition => Assert.StartsWith("{", definition.ActionJson, StringComparison.Ordinal));
        Assert.Equal(DefaultSegments.Utf8.ToArray(), File.ReadAllBytes(System.IO.Path.Combine(AppContext.BaseDirectory, DefaultSegments.FileName)));
    }

    [Fact]
    public void Five_default_memberships_take_seven_bytes()
    {
        var judgement = new Judgement();
        Defaults.Judge(Person.Of("page_views 3; days_since_last_visit 0"), Person.Now, [], judgement);
        Assert.Equal(7, judgement.Membership.Length);
    }
}
