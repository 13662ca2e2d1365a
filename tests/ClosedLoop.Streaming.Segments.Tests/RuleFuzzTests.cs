using System.Text;

namespace ClosedLoop.Streaming.Segments.Tests;

public sealed class RuleFuzzTests
{
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
}
