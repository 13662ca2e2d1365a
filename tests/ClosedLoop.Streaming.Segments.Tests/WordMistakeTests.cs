namespace ClosedLoop.Streaming.Segments.Tests;

/// <summary>Mistakes in single words: operators, numbers, texts, windows.</summary>
public sealed class WordMistakeTests
{
    [Theory]
    // rule, position, part of the message
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
    public void A_mistake_is_pointed_at(string rule, int position, string message)
    {
        Assert.False(Rule.TryCompile(rule, out _, out var mistake));
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(position, mistake.Position);
    }
}
