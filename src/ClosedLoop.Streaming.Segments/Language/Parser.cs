using System.Globalization;

namespace ClosedLoop.Streaming.Segments;

/// <summary>
/// Reads a rule by recursive descent: or, and, not, comparison, value. Types are checked as soon as both sides are known,
/// so that the mistake points at the place.
/// </summary>
internal sealed class Parser
{
    private readonly Lexer _lexer;
    private readonly Calls _calls;
    private readonly Dictionary<string, Operand> _mentioned = new(StringComparer.Ordinal);
    private readonly List<Flag> _flags = [];
    private Token _token;
    private int _nodes;
    private int _depth;

    private Parser(string rule)
    {
        _lexer = new Lexer(rule);
        _token = _lexer.Next();
        _calls = new Calls(this);
    }

    public Token Current => _token;

    /// <summary>The measures that the rule mentions, in order of first mention.</summary>
    public IEnumerable<Operand> Operands => _mentioned.Values;

    public IReadOnlyList<Flag> Flags => _flags;

    /// <exception cref="MistakeException">The first mistake of the rule.</exception>
    public static (Node Node, Parser Parser) Parse(string rule)
    {
        if (rule.Length > RuleLimits.RuleCharsMax)
            throw new MistakeException(RuleLimits.RuleCharsMax, string.Create(CultureInfo.InvariantCulture,
                $"the rule has {rule.Length} characters; at most {RuleLimits.RuleCharsMax} are allowed"));
        var parser = new Parser(rule);
        if (parser._token.Kind == TokenKind.End)
            throw new MistakeException(0, "the rule is empty; a condition is expected, for example page_views >= 3, or true for everybody");
        var node = parser.Or().Condition();
        if (parser._token.Kind != TokenKind.End) throw new MistakeException(parser._token.Position, parser.Trailing());
        return (node, parser);
    }

    public Token Take()
    {
        var taken = _token;
        _token = _lexer.Next();
        return taken;
    }

    public Token Expect(TokenKind kind, string what) =>
        _token.Kind == kind ? Take() : throw new MistakeException(_token.Position, $"expected {what}, found {_token}");

    public void CountNode(int position)
    {
        if (++_nodes > RuleLimits.NodesMax)
            throw new MistakeException(position, $"the rule has more than {RuleLimits.NodesMax} measures, values and operators");
    }

    private Part Or() => Chain("or", all: false, And);

    private Part And() => Chain("and", all: true, Not);

    private Part Chain(string keyword, bool all, Func<Part> next)
    {
        var first = next();
        if (!_token.Is(keyword)) return first;
        var parts = new List<Node> { first.Condition() };
        while (_token.Is(keyword))
        {
            CountNode(Take().Position);
            parts.Add(next().Condition());
        }
        return new Part(new Junction(all, parts), null, first.Position);
    }

    private Part Not()
    {
        if (!_token.Is("not")) return Comparison();
        var start = Take().Position;
        CountNode(start);
        Deeper(start);
        var of = Not().Condition();
        _depth--;
        return new Part(new Negation(of), null, start);
    }

    private Part Comparison()
    {
        var left = Primary();
        if (_token.Is("in"))
        {
            CountNode(Take().Position);
            return new Part(InList.Read(this, left.Value()), null, left.Position);
        }
        if (_token.Is("not"))
            throw new MistakeException(_token.Position, "`not` stands before a condition: write not (… in (…)) or use !=");
        if (!_token.IsComparison) return left;
        var op = Take();
        CountNode(op.Position);
        var right = Primary();
        var node = left.Node is { } condition ? Truths.Compare(condition, op, right) : Comparisons.Of(left.Value(), op, right.Value());
        if (_token.IsComparison)
            throw new MistakeException(_token.Position, "a comparison has two sides; join two with and, for example orders >= 3 and orders <= 9");
        return new Part(node, null, left.Position);
    }

    private Part Primary()
    {
        var token = _token;
        switch (token.Kind)
        {
            case TokenKind.Open:
                Take();
                Deeper(token.Position);
                var inner = Or();
                if (_token.Kind != TokenKind.Close)
                    throw new MistakeException(_token.Position, $"expected `)` for the `(` at {token.Position.ToString(CultureInfo.InvariantCulture)}, found {_token}");
                Take();
                _depth--;
                return inner with { Position = token.Position };
            case TokenKind.Number or TokenKind.Text:
                CountNode(token.Position);
                return new Part(null, Operand.Of(Take()), token.Position);
            case TokenKind.Window:
                throw new MistakeException(token.Position, $"`{token.Text}` is a window, which only count(\"event\",7d) takes; days are plain numbers");
            case TokenKind.Name:
                CountNode(token.Position);
                return Remember(_calls.Read(Take()));
            default:
                throw new MistakeException(token.Position, $"expected a measure, a number, a text or `(`, found {token}");
        }
    }

    private Part Remember(Part part)
    {
        if (part.Operand is { } operand) _mentioned.TryAdd(operand.Display, operand);
        if (part.Node is Flag flag && !_flags.Exists(known => known.Display == flag.Display)) _flags.Add(flag);
        return part;
    }

    private void Deeper(int position)
    {
        if (++_depth > RuleLimits.DepthMax)
            throw new MistakeException(position, $"more than {RuleLimits.DepthMax} levels of parentheses and not");
    }

    private string Trailing() => _token.Kind switch
    {
        TokenKind.Close => "this `)` has no `(`",
        TokenKind.Name when Nearest.Of(_token.Text, ["and", "or", "in"]) is { } near => $"expected and, or, or the end of the rule, found {_token} (did you mean `{near}`?)",
        _ => $"expected and, or, or the end of the rule, found {_token}",
    };
}
