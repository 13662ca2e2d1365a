using System.Globalization;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments.Tests;

/// <summary>A rule's text together with its slow and obvious meaning.</summary>
internal sealed record Meant(string Text, Func<Person, long, bool> Holds);

/// <summary>Makes random rules and random people who live near the rules' boundaries.</summary>
internal sealed partial class RuleMaker(Random random)
{
    private static readonly string[] Words = ["a", "b", "c"];
    private static readonly string[] Signs = ["=", "!=", "<", "<=", ">", ">="];

    public Meant Rule(int depth = 3)
    {
        if (depth == 0) return Atom();
        var left = Rule(depth - 1);
        switch (random.Next(5))
        {
            case 0: return new($"not ({left.Text})", (p, t) => !left.Holds(p, t));
            case 1 or 2:
                var right = Rule(depth - 1);
                return random.Next(2) == 0
                    ? new($"({left.Text}) and ({right.Text})", (p, t) => left.Holds(p, t) && right.Holds(p, t))
                    : new($"({left.Text}) or ({right.Text})", (p, t) => left.Holds(p, t) || right.Holds(p, t));
            default: return left;
        }
    }

    private Meant Atom()
    {
        switch (random.Next(10))
        {
            case 0:
                var flag = random.Next(4);
                return flag switch
                {
                    0 => new("cart_open", (p, _) => p.CartOpen),
                    1 => new("consented = false", (p, _) => !p.Consented),
                    2 => new("visited(\"/a*\")", (p, _) => p.Pages.Exists(page => page.StartsWith("/a", StringComparison.Ordinal))),
                    _ => new("visited(\"/b\")", (p, _) => p.Pages.Contains("/b")),
                };
            case 1: return random.Next(2) == 0 ? new("true", (_, _) => true) : new("false", (_, _) => false);
            case 2 or 3: return TextAtom();
            case 4: return ListAtom();
            default: return NumberAtom();
        }
    }

    private Meant TextAtom()
    {
        var (name, read) = Text();
        var word = Words[random.Next(Words.Length)];
        if (random.Next(3) == 0)
        {
            var (other, readOther) = Text();
            return random.Next(2) == 0
                ? new($"{name} = {other}", (p, _) => read(p) is { } a && readOther(p) is { } b && a == b)
                : new($"{name} != {other}", (p, _) => read(p) is { } a && readOther(p) is { } b && a != b);
        }
        return random.Next(3) switch
        {
            0 => new($"{name} = \"{word}\"", (p, _) => read(p) == word),
            1 => new($"\"{word}\" != {name}", (p, _) => read(p) is { } text && text != word),
            _ => new($"{name} in (\"{word}\",\"zzz\")", (p, _) => read(p) == word),
        };
    }

    private (string, Func<Person, string?>) Text() => random.Next(3) switch
    {
        0 => ("channel", p => p.Texts.GetValueOrDefault(TextMeasure.Channel)),
        1 => ("arm(\"e\")", p => p.Arms.GetValueOrDefault("e")),
        _ => ("trait(\"t\")", p => p.Traits.GetValueOrDefault("t")),
    };

    private Meant ListAtom()
    {
        var (name, read) = Number();
        var values = new[] { Days(), Days() };
        return new($"{name} in ({string.Join(", ", values.Select(Plain))})", (p, t) => read(p, t) is { } number && values.Contains(number));
    }

    private Meant NumberAtom()
    {
        var (left, readLeft) = Number();
        var (right, readRight) = random.Next(4) == 0 ? Number() : Literal();
        var sign = Signs[random.Next(Signs.Length)];
        if (random.Next(4) == 0 && !right.Contains('(', StringComparison.Ordinal)) (left, readLeft, right, readRight) = (right, readRight, left, readLeft);
        if (left == right || (left + right).StartsWith("trait(\"n\")trait", StringComparison.Ordinal)) return Atom();
        return new($"{left} {sign} {right}", (p, t) => readLeft(p, t) is { } a && readRight(p, t) is { } b && sign switch
        {
            "=" => a == b, "!=" => a != b, "<" => a < b, "<=" => a <= b, ">" => a > b, _ => a >= b,
        });
    }

    private (string, Func<Person, long, decimal?>) Literal()
    {
        var value = Days();
        return (Plain(value), (_, _) => value);
    }

    /// <summary>A number, in days where it is an age: exact, because days of these tests are whole milliseconds.</summary>
    private (string, Func<Person, long, decimal?>) Number()
    {
        switch (random.Next(5))
        {
            case 0: return ("orders", (p, _) => p.Numbers.TryGetValue(NumberMeasure.Orders, out var n) ? (decimal)n : null);
            case 1: return ("trait(\"n\")", (p, _) => decimal.TryParse(p.Traits.GetValueOrDefault("n"), CultureInfo.InvariantCulture, out var n) ? n : null);
            case 2:
                var days = random.Next(1, 4);
                return ($"count(\"x\",{days}d)", (p, t) => p.Events.Count(e => e.Name == "x" && e.AtMs > t - days * Person.Day));
            case 3: return ("days_since_form(\"a\",\"b\")", (p, t) => Age(Math.Max(p.Forms.GetValueOrDefault("a"), p.Forms.GetValueOrDefault("b")), t));
            default: return random.Next(2) == 0
                ? ("days_since_last_visit", (p, t) => Age(p.MomentOf(TimeMeasure.LastVisit), t))
                : ("days_in_stage", (p, t) => Age(p.MomentOf(TimeMeasure.StageEntered), t));
        }
    }

    private static decimal? Age(long moment, long now) => moment == 0 ? null : (now - moment) / (decimal)Person.Day;

    private decimal Days() => random.Next(0, 9) / 2m;

    private static string Plain(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
