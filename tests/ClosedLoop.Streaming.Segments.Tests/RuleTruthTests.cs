namespace ClosedLoop.Streaming.Segments.Tests;

public sealed class RuleTruthTests
{
    [Theory]
    [InlineData("true", "", true)]
    [InlineData("false or not false", "", true)]
    [InlineData("page_views >= 3", "page_views 3", true)]
    [InlineData("3 <= page_views", "page_views 2", false)]
    [InlineData("revenue = 129.9", "revenue 129.90", true)]
    [InlineData("revenue > -0.5", "revenue 0", true)]
    // Weakest first: or, and, not.
    [InlineData("orders = 1 or orders = 2 and sessions = 9", "orders 1; sessions 1", true)]
    [InlineData("(orders = 1 or orders = 2) and sessions = 9", "orders 1; sessions 1", false)]
    [InlineData("not orders = 1 and sessions = 1", "orders 1; sessions 1", false)]
    [InlineData("not not orders = 1", "orders 1", true)]
    // Absent: every comparison is false, so its negation is true.
    [InlineData("last_satisfaction <= 6", "", false)]
    [InlineData("last_satisfaction != 6", "", false)]
    [InlineData("not (last_satisfaction <= 6)", "", true)]
    [InlineData("last_satisfaction in (1,2)", "", false)]
    [InlineData("stage != \"mql\"", "", false)]
    [InlineData("not (stage = \"mql\")", "", true)]
    [InlineData("days_since_last_order > 0", "", false)]
    [InlineData("days_since_last_order <= 0", "", false)]
    [InlineData("days_since_last_order != 3", "", false)]
    [InlineData("trait(\"age\") < 5", "", false)]
    [InlineData("average_order = revenue", "revenue 5", false)]
    [InlineData("first_channel = channel", "channel Email", false)]
    [InlineData("first_channel != channel", "channel Email", false)]
    // Text is exact.
    [InlineData("channel = \"Paid Search\"", "channel Paid Search", true)]
    [InlineData("channel = \"paid search\"", "channel Paid Search", false)]
    [InlineData("trait(\"city\") = \"Львів\"", "trait city Львів", true)]
    [InlineData("trait(\"q\") = \"a \\\"b\\\" \\\\\"", "trait q a \"b\" \\", true)]
    [InlineData("stage in (\"mql\",\"sql\")", "stage sql", true)]
    [InlineData("stage in (\"mql\",\"sql\")", "stage lead", false)]
    [InlineData("channel = first_channel", "channel Email; first_channel Email", true)]
    [InlineData("arm(\"checkout\") = \"b\"", "arm checkout b", true)]
    [InlineData("arm(\"checkout\") != \"b\"", "arm checkout a", true)]
    // A trait is a number where it is compared with one.
    [InlineData("trait(\"age\") >= 18", "trait age 18", true)]
    [InlineData("trait(\"age\") = 18", "trait age 18.0", true)]
    [InlineData("trait(\"age\") = \"18\"", "trait age 18.0", false)]
    [InlineData("trait(\"age\") in (17,18)", "trait age 18.0", true)]
    [InlineData("trait(\"age\") < 18", "trait age young", false)]
    [InlineData("trait(\"age\") != 18", "trait age young", false)]
    [InlineData("trait(\"age\") > 1", "trait age Infinity", false)]
    [InlineData("trait(\"budget\") > revenue", "trait budget 10; revenue 9", true)]
    [InlineData("trait(\"a\") = trait(\"b\")", "trait a 1; trait b 1.0", false)]
    // Days are not rounded.
    [InlineData("days_since_last_visit <= 30", "days_since_last_visit 30", true)]
    [InlineData("days_since_last_visit <= 30", "days_since_last_visit 30.00001", false)]
    [InlineData("days_since_last_visit < 30", "days_since_last_visit 29.99999", true)]
    [InlineData("days_since_last_visit >= 0.5", "days_since_last_visit 0.5", true)]
    [InlineData("days_since_last_visit = 2", "days_since_last_visit 2", true)]
    [InlineData("days_since_last_visit != 2", "days_since_last_visit 2", false)]
    [InlineData("days_since_last_visit in (1,2)", "days_since_last_visit 2", true)]
    [InlineData("days_since_last_visit < days_since_last_order", "days_since_last_visit 1; days_since_last_order 2", true)]
    [InlineData("days_since_last_visit > orders", "days_since_last_visit 1.5; orders 1", true)]
    [InlineData("orders >= days_since_last_visit", "days_since_last_visit 1; orders 1", true)]
    [InlineData("days_in_stage > 14", "days_in_stage 15", true)]
    [InlineData("days_since_form(\"a\",\"b\") <= 3", "form a 9; form b 2", true)]
    [InlineData("days_since_form(\"a\") <= 3", "form a 9; form b 2", false)]
    // Counts, pages, flags.
    [InlineData("count(\"x\",2d) = 2", "count x 1; count x 1.9; count x 2; count y 0", true)]
    [InlineData("count(\"x\",2d) = 0", "", true)]
    [InlineData("count(\"x\",1d) < count(\"x\",3d)", "count x 2", true)]
    [InlineData("visited(\"/tents*\")", "visited /tents/dome", true)]
    [InlineData("visited(\"/tents\")", "visited /tents/dome", false)]
    [InlineData("visited(\"/*\")", "visited /", true)]
    [InlineData("cart_open and not consented", "cart_open", true)]
    [InlineData("cart_open = false", "cart_open", false)]
    [InlineData("cart_open != false", "cart_open", true)]
    [InlineData("(cart_open or consented) = true", "consented", true)]
    public void Holds(string rule, string person, bool expected) =>
        Assert.Equal(expected, Sets.Compile(rule).Holds(Person.Of(person), Person.Now));

    [Fact]
    public void The_measures_of_a_rule_are_listed_once_in_their_order() => Assert.Equal(
        ["sessions", "trait(\"a\\\"b\")", "count(\"x\",7d)", "days_since_form(\"a\",\"b\")", "visited(\"/p*\")", "cart_open"],
        Sets.Compile("visited(\"/p*\") and sessions > 1 or sessions < 9 and trait(\"a\\\"b\") = \"1\" or count( \"x\" , 7d ) = 0 or cart_open or days_since_form(\"a\", \"b\") < 3").Measures);
}
