using System.Text;

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
    [InlineData("orders == 1", 7, "write = for \"is\"")]
    [InlineData("orders <> 1", 7, "write !=")]
    [InlineData("orders = 1 && sessions = 2", 11, "write and")]
    [InlineData("orders = 1 || sessions = 2", 11, "write or")]
    [InlineData("!cart_open", 0, "write not")]
    [InlineData("orders + 1 > 2", 7, "no arithmetic")]
    [InlineData("orders > - 1", 9, "no arithmetic")]
    [InlineData("stage = 'mql'", 8, "double quotes")]
    [InlineData("stage = “mql”", 8, "straight double quotes")]
    [InlineData("stage = \"mql", 8, "no closing quote")]
    [InlineData("stage = \"a\\n\"", 10, "only \" or \\ is allowed")]
    [InlineData("orders > .5", 9, "starts with a digit")]
    [InlineData("orders > 5.", 10, "a digit must follow")]
    [InlineData("orders > 1234567890123456", 9, "16 digits; at most 15")]
    [InlineData("orders > 7d", 9, "is a window, which only count")]
    [InlineData("orders\u00A0> 7", 6, "is not allowed here")]
    [InlineData("stage in \"mql\"", 9, "expected `(` and a list")]
    [InlineData("stage in ()", 10, "a list holds numbers or texts")]
    [InlineData("stage in (\"mql\",2)", 16, "a list holds either numbers or texts; 2 is a number")]
    [InlineData("orders in (\"1\")", 11, "cannot be compared")]
    [InlineData("stage in (\"mql\" \"sql\")", 16, "expected `,` or `)`")]
    [InlineData("stage not in (\"mql\")", 6, "write not (… in (…))")]
    [InlineData("\"a\" in (\"a\")", 0, "a measure is expected before in")]
    [InlineData("orders(1) = 1", 6, "`orders` takes no arguments")]
    [InlineData("count >= 1", 6, "count needs arguments, for example count(\"add_to_cart\",7d)")]
    [InlineData("count(\"x\") >= 1", 9, "count needs a window")]
    [InlineData("count(\"x\",7) >= 1", 10, "the window 7 has no unit")]
    [InlineData("count(\"x\",7y) >= 1", 11, "`y` is no unit of time; allowed are s, m, h, d, w")]
    [InlineData("count(\"x\",367d) >= 1", 10, "allowed are 1s to 366d")]
    [InlineData("count(\"x\",0s) >= 1", 10, "allowed are 1s to 366d")]
    [InlineData("count(\"x\",-1d) >= 1", 10, "a whole number with a unit")]
    [InlineData("count(\"x\",1.5d) >= 1", 10, "a whole number with a unit")]
    [InlineData("count(\"x\",999999999999999w) >= 1", 10, "allowed are 1s to 366d")]
    [InlineData("count(x,7d) >= 1", 6, "count takes text in double quotes")]
    [InlineData("count(\"x\",7d)", 0, "is a number, not a condition")]
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

    // Not rows: an attribute cannot hold half a surrogate pair.
    [Fact]
    public void Half_a_character_is_pointed_at()
    {
        Refuses("stage = \"a\uD800\"", "no valid Unicode", 10);
        Refuses("stage = \"\uDC00\"", "no valid Unicode", 9);
        Refuses("\uD83D\uDE00", "U+D83D", 0);
        Compiles("stage = \"\uD83D\uDE00\"");
    }

    [Fact]
    public void Limits_hold_exactly()
    {
        Compiles("true" + new string(' ', RuleLimits.RuleCharsMax - 4));
        Refuses("true" + new string(' ', RuleLimits.RuleCharsMax - 3), "at most 4096", RuleLimits.RuleCharsMax);

        Compiles(new string('(', 32) + "true" + new string(')', 32));
        Refuses(new string('(', 33) + "true" + new string(')', 33), "more than 32 levels", 32);
        Compiles(string.Concat(Enumerable.Repeat("not ", 32)) + "true");
        Refuses(string.Concat(Enumerable.Repeat("not ", 33)) + "true", "more than 32 levels", 32 * 4);

        // n times "true" and n − 1 times "or" are 2n − 1 nodes.
        Compiles(string.Join(" or ", Enumerable.Repeat("true", 128)));
        Refuses(string.Join(" or ", Enumerable.Repeat("true", 129)), "more than 256", 128 * 8);

        Compiles($"orders in ({string.Join(',', Enumerable.Range(1, 100))})");
        Refuses($"orders in ({string.Join(',', Enumerable.Repeat(1, 101))})", "at most 100 values", 11 + (100 * 2) - 1);
        Compiles($"days_since_form({string.Join(',', Enumerable.Repeat("\"f\"", 100))}) < 1");
        Refuses($"days_since_form({string.Join(',', Enumerable.Repeat("\"f\"", 101))}) < 1", "at most 100 arguments", 16 + (100 * 4) - 1);

        foreach (var window in new[] { "1s", "366d", "52w", "8784h", "527040m", "31622400s" }) Compiles($"count(\"x\",{window}) = 1");
        foreach (var window in new[] { "53w", "8785h", "31622401s" }) Refuses($"count(\"x\",{window}) = 1", "1s to 366d", 10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Hostile_text_is_refused_and_never_thrown_at(int seed)
    {
        var random = new Random(seed);
        string[] words = ["and", "or", "not", "in", "(", ")", ",", "=", "!=", "<", "<=", ">", ">=", "orders", "stage", "days_in_stage", "trait(\"a\")",
            "count(\"x\",7d)", "visited(\"/a*\")", "true", "false", "cart_open", "3", "-0.5", "7d", "\"a\"", "\"", "\\", "\uD800", "é", "\0", "999999999999999"];
        var compiled = 0;
        for (var i = 0; i < 6_000; i++)
        {
            var rule = new StringBuilder(i % 2 == 0 ? "" : new RuleMaker(random).Rule().Text);
            for (var n = random.Next(1, 8); n > 0; n--)
            {
                var word = words[random.Next(words.Length)];
                if (random.Next(2) == 0) rule.Insert(random.Next(rule.Length + 1), word);
                else rule.Append(' ').Append(word);
            }
            if (Rule.TryCompile(rule.ToString(), out var ok, out var mistake))
            {
                compiled++;
                ok.Holds(new Person(), Person.Now);
            }
            else Assert.InRange(mistake.Position, 0, rule.Length);
        }
        Assert.True(compiled > 10, "the fuzz must reach whole rules too");
    }

    private static void Compiles(string rule) => Sets.Compile(rule);

    private static void Refuses(string rule, string message, int position)
    {
        Assert.False(Rule.TryCompile(rule, out _, out var mistake));
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(position, mistake.Position);
    }
}
