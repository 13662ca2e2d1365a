namespace ClosedLoop.Streaming.Segments.Tests;

public sealed class RuleLimitsTests
{
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

    private static void Compiles(string rule) => Sets.Compile(rule);

    private static void Refuses(string rule, string message, int position)
    {
        Assert.False(Rule.TryCompile(rule, out _, out var mistake));
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(position, mistake.Position);
    }
}
