namespace ClosedLoop.Streaming.Segments.Tests;

public sealed class RuleDueTests
{
    [Theory]
    // rule, person, when the answer may next change: days and milliseconds from now; −1: never
    [InlineData("days_since_last_visit <= 30", "days_since_last_visit 0", 30, 1)]
    [InlineData("days_since_last_visit < 30", "days_since_last_visit 0", 30, 0)]
    [InlineData("days_since_last_visit > 30", "days_since_last_visit 0", 30, 1)]
    [InlineData("days_since_last_visit >= 30", "days_since_last_visit 29", 1, 0)]
    [InlineData("days_since_last_visit = 30", "days_since_last_visit 29", 1, 0)]
    [InlineData("days_since_last_visit = 30", "days_since_last_visit 30", 0, 1)]
    [InlineData("days_since_last_visit != 30", "days_since_last_visit 29", 1, 0)]
    [InlineData("days_since_last_visit >= 0.25", "days_since_last_visit 0", 0.25, 0)]
    [InlineData("days_since_last_visit <= 30", "days_since_last_visit 31", -1, 0)]
    [InlineData("days_since_last_visit <= 30", "", -1, 0)]
    [InlineData("days_since_form(\"a\",\"b\") <= 30", "form a 9; form b 2", 28, 1)]
    [InlineData("days_since_last_visit > orders", "days_since_last_visit 1; orders 3", 2, 0)]
    [InlineData("days_since_last_visit < days_since_last_order", "days_since_last_visit 1; days_since_last_order 3", -1, 0)]
    [InlineData("count(\"x\",7d) >= 1", "count x 1; count x 3", 6, 0)]
    [InlineData("count(\"x\",7d) >= 2", "count x 1; count x 3", 4, 0)]
    [InlineData("count(\"x\",7d) >= 3", "count x 1; count x 3", -1, 0)]
    [InlineData("count(\"x\",7d) < 2", "count x 1; count x 3", 4, 0)]
    [InlineData("count(\"x\",7d) = 1", "count x 1; count x 3", 4, 0)]
    [InlineData("count(\"x\",7d) < 5", "count x 1; count x 3", -1, 0)]
    // Only what the answer hangs on counts.
    [InlineData("orders >= 1 and days_since_last_visit <= 30", "days_since_last_visit 0", -1, 0)]
    [InlineData("orders >= 1 or days_since_last_visit <= 30", "orders 1; days_since_last_visit 0", -1, 0)]
    [InlineData("orders >= 1 or days_since_last_visit <= 30", "days_since_last_visit 0", 30, 1)]
    [InlineData("days_since_last_order <= 9 or days_since_last_visit <= 30", "days_since_last_order 10; days_since_last_visit 0", 30, 1)]
    public void Next_due(string rule, string person, double days, int milliseconds)
    {
        var expected = days >= 0 ? Person.Now + (long)(days * Person.Day) + milliseconds : long.MaxValue;
        Assert.Equal(expected, Sets.Compile(rule).NextDue(Person.Of(person), Person.Now));
    }

    [Fact]
    public void A_threshold_beyond_all_time_is_never_due_soon()
    {
        var person = Person.Of("days_since_last_visit 0");
        Assert.True(Sets.Compile("days_since_last_visit < 999999999999999").Holds(person, Person.Now));
        Assert.True(Sets.Compile("days_since_last_visit > -999999999999999").Holds(person, Person.Now));
        Assert.True(Sets.Compile("days_since_last_visit < 999999999999999").NextDue(person, Person.Now) > Person.Now + (1L << 59));
    }
}
