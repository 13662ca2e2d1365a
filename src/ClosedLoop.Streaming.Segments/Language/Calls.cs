using System.Text;

namespace ClosedLoop.Streaming.Segments;

/// <summary>Turns a name, and the arguments that follow it, into a measure or a condition.</summary>
internal sealed class Calls(Parser parser)
{
    public Part Read(Token name)
    {
        var text = name.Text;
        if (Vocabulary.Numbers.TryGetValue(text, out var number)) return Plain(name, Source.Number, (byte)number);
        if (Vocabulary.Moments.TryGetValue(text, out var moment)) return Plain(name, Source.Moment, (byte)moment);
        if (Vocabulary.Texts.TryGetValue(text, out var measure)) return Plain(name, Source.Text, (byte)measure);
        return text switch
        {
            "true" or "false" => new Part(new Constant(text == "true"), null, name.Position),
            "cart_open" => Marked(name, new Flag(TestKind.CartOpen, text, [])),
            "consented" => Marked(name, new Flag(TestKind.Consented, text, [])),
            "trait" => Value(name, Source.Trait, Arguments(name, 1)),
            "arm" => Value(name, Source.Arm, Arguments(name, 1)),
            "days_since_form" => Value(name, Source.Forms, Arguments(name, RuleLimits.ListMax)),
            "count" => Count(name),
            "visited" => Visited(name),
            _ => throw new MistakeException(name.Position, Unknown(text)),
        };
    }

    private static string Unknown(string text) => Vocabulary.Keywords.Contains(text)
        ? $"expected a measure, a number, a text or `(`, found `{text}`"
        : Nearest.Hint(text, Vocabulary.All) is { Length: > 0 } hint
            ? $"unknown name `{text}`{hint}"
            : $"unknown name `{text}`; known are {string.Join(", ", Vocabulary.All.Except(Vocabulary.Keywords))}; text stands in double quotes";

    private Part Plain(Token name, Source source, byte measure)
    {
        NoArguments(name);
        return new Part(null, new Operand(source, name.Position, name.Text) { Measure = measure }, name.Position);
    }

    private Part Marked(Token name, Flag flag)
    {
        NoArguments(name);
        return new Part(flag, null, name.Position);
    }

    private void NoArguments(Token name)
    {
        if (parser.Current.Kind == TokenKind.Open)
            throw new MistakeException(parser.Current.Position, $"`{name.Text}` takes no arguments");
    }

    private static Part Value(Token name, Source source, List<Token> arguments) =>
        new(null, new Operand(source, name.Position, Operand.Call(name.Text, arguments.Select(a => a.Text)))
        {
            Names = arguments.Select(a => Encoding.UTF8.GetBytes(a.Text)).ToArray(),
        }, name.Position);

    private Part Count(Token name)
    {
        Open(name);
        var what = Argument(name);
        if (parser.Current.Kind != TokenKind.Comma)
            throw new MistakeException(parser.Current.Position, "count needs a window as its second argument, for example count(\"add_to_cart\",7d)");
        parser.Take();
        if (parser.Current.Kind == TokenKind.Number)
            throw new MistakeException(parser.Current.Position, $"the window {parser.Current.Text} has no unit; allowed are s, m, h, d, w, for example {parser.Current.Text}d");
        var window = parser.Expect(TokenKind.Window, "a window such as 7d");
        parser.Expect(TokenKind.Close, "`)`");
        return new Part(null, new Operand(Source.Count, name.Position, Operand.Call("count", [what.Text], window.Text))
        {
            Names = [Encoding.UTF8.GetBytes(what.Text)],
            WindowMs = window.WindowMs,
        }, name.Position);
    }

    private Part Visited(Token name)
    {
        var path = Arguments(name, 1)[0];
        if (path.Text[0] != '/') throw new MistakeException(path.Position, "a path starts with /, for example visited(\"/tents*\")");
        var star = path.Text.IndexOf('*', StringComparison.Ordinal);
        if (star >= 0 && star != path.Text.Length - 1)
            throw new MistakeException(path.Position, "only one * is allowed in a path, at its end: it stands for anything that follows");
        var kind = star >= 0 ? TestKind.VisitedPrefix : TestKind.Visited;
        var bytes = Encoding.UTF8.GetBytes(star >= 0 ? path.Text[..^1] : path.Text);
        return new Part(new Flag(kind, Operand.Call("visited", [path.Text]), bytes), null, name.Position);
    }

    private List<Token> Arguments(Token name, int most)
    {
        Open(name);
        var arguments = new List<Token> { Argument(name) };
        while (parser.Current.Kind == TokenKind.Comma)
        {
            if (arguments.Count == most)
                throw new MistakeException(parser.Current.Position, $"{name.Text} takes at most {most} argument{(most == 1 ? "" : "s")}");
            parser.Take();
            arguments.Add(Argument(name));
        }
        parser.Expect(TokenKind.Close, "`)`");
        return arguments;
    }

    private void Open(Token name)
    {
        if (parser.Current.Kind != TokenKind.Open)
            throw new MistakeException(parser.Current.Position, $"{name.Text} needs arguments, for example {Vocabulary.Calls[name.Text]}");
        parser.Take();
    }

    private Token Argument(Token name)
    {
        if (parser.Current.Kind != TokenKind.Text)
            throw new MistakeException(parser.Current.Position, $"{name.Text} takes text in double quotes, for example {Vocabulary.Calls[name.Text]}; found {parser.Current}");
        var argument = parser.Take();
        if (argument.Text.Length == 0) throw new MistakeException(argument.Position, "the text is empty");
        return argument;
    }
}
