namespace ClosedLoop.Streaming.Segments.Tests;

public sealed class RuleMistakeTests
{
    [Theory]
    // rule, position, part of the message
    [InlineData("", 0, "the rule is empty")]
    [InlineData("   ", 0, "the rule is empty")]
    [InlineData("page_view >= 3", 0, "unknown name `page_view` (did you mean `page_views`?)")]
    [InlineData("orders >= 1 and sesions = 2", 16, "did you mean `sessions`?")]
    [InlineData("Orders >= 1", 0, "did you mean `orders`?")]
    [InlineData("hsapka = 1", 0, "unknown name `hsapka`; known are affinity, arm, average_order")]
    [InlineData("orders >= 1 AND sessions = 2", 12, "did you mean `and`?")]
    [InlineData("orders >= 1 sessions = 2", 12, "expected and, or, or the end of the rule, found `sessions`")]
    [InlineData("orders >= 1)", 11, "this `)` has no `(`")]
    [InlineData("(orders >= 1", 12, "expected `)` for the `(` at 0, found the end of the rule")]
    [InlineData("orders", 0, "orders is a number, not a condition; compare it, for example orders >= 1")]
    [InlineData("not stage", 4, "stage is text, not a condition; compare it, for example stage = \"…\"")]
    [InlineData("3", 0, "3 is a value, not a condition")]
    [InlineData("orders >= \"1\"", 10, "orders is a number and \"1\" is text; they cannot be compared (a number stands without quotes)")]
    [InlineData("stage = 3", 8, "stage is text and 3 is a number")]
    [InlineData("stage < \"mql\"", 6, "`<` compares numbers; texts are compared with =, != and in")]
    [InlineData("trait(\"a\") > trait(\"b\")", 11, "`>` compares numbers")]
    [InlineData("arm(\"a\") = 1", 11, "cannot be compared")]
    [InlineData("1 = 1", 0, "two fixed values are compared")]
    [InlineData("1 <= orders <= 3", 12, "a comparison has two sides")]
    [InlineData("orders = ", 9, "expected a measure, a number, a text or `(`, found the end of the rule")]
    [InlineData("orders = and", 9, "found `and`")]
    [InlineData("stage in \"mql\"", 9, "expected `(` and a list")]
    [InlineData("stage in ()", 10, "a list holds numbers or texts")]
    [InlineData("stage in (\"mql\",2)", 16, "a list holds either numbers or texts; 2 is a number")]
    [InlineData("orders in (\"1\")", 11, "cannot be compared")]
    [InlineData("stage in (\"mql\" \"sql\")", 16, "expected `,` or `)`")]
    [InlineData("stage not in (\"mql\")", 6, "write not (… in (…))")]
    [InlineData("\"a\" in (\"a\")", 0, "a measure is expected before in")]
    [InlineData("orders(1) = 1", 6, "`orders` takes no arguments")]
    [InlineData("count >= 1", 6, "count needs arguments, for example count(\"add_to_cart\",7d)")]
    [InlineData("trait(\"\") = \"a\"", 6, "the text is empty")]
    [InlineData("trait(\"a\",\"b\") = \"a\"", 9, "trait takes at most 1 argument")]
    [InlineData("visited(\"tents\")", 8, "a path starts with /")]
    [InlineData("visited(\"/a*b\")", 8, "only one * is allowed")]
    [InlineData("visited(\"/a**\")", 8, "only one * is allowed")]
    [InlineData("visited(\"/a\") >= 1", 14, "its left side is true or false")]
    [InlineData("cart_open = 1", 12, "only be compared with true or false")]
    [InlineData("orders = true", 9, "true or false, not a value")]
    [InlineData("days_since_form() < 1", 16, "days_since_form takes text")]
    public void A_mistake_is_pointed_at(string rule, int position, string message)
    {
        Assert.False(Rule.TryCompile(rule, out var compiled, out var mistake));
        Assert.Null(compiled);
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(position, mistake.Position);
    }
}
