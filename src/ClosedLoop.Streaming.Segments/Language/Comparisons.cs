namespace ClosedLoop.Streaming.Segments;

/// <summary>Checks the types of a comparison of two values and puts a literal on its right.</summary>
internal static class Comparisons
{
    public static Node Of(Operand left, Token op, Operand right)
    {
        var how = Operators.Of(op.Kind);
        if (left.IsLiteral && right.IsLiteral)
            throw new MistakeException(left.Position, "two fixed values are compared; one side must be a measure");
        if (left.IsLiteral) (left, how, right) = (right, how.Mirrored(), left);
        return new Compared(left, how, right, AsText(left, op, right));
    }

    /// <summary>A list's values all have the type that the measure has; a trait takes that of the list.</summary>
    public static void CheckListed(Operand left, Operand value, bool numbers)
    {
        if (numbers != (value.Source == Source.NumberLiteral))
            throw new MistakeException(value.Position, $"a list holds either numbers or texts; {value.Display} is {value.Kind}");
        if (numbers ? !left.CanBeNumber : !left.CanBeText) throw new MistakeException(value.Position, Mixed(left, value));
    }

    private static bool AsText(Operand left, Token op, Operand right)
    {
        var text = left.CanBeText && right.CanBeText;
        // Two traits compare as text; a trait and a number compare as numbers.
        if (!text && !(left.CanBeNumber && right.CanBeNumber)) throw new MistakeException(right.Position, Mixed(left, right));
        if (text && op.Kind is not (TokenKind.Equal or TokenKind.NotEqual))
            throw new MistakeException(op.Position, $"`{op.Text}` compares numbers; texts are compared with =, != and in");
        return text;
    }

    private static string Mixed(Operand left, Operand right) =>
        $"{left.Display} is {left.Kind} and {right.Display} is {right.Kind}; they cannot be compared"
        + (right.Source == Source.TextLiteral && left.CanBeNumber ? " (a number stands without quotes)" : "");
}

/// <summary>The one comparison that conditions have: <c>= true</c>, <c>= false</c> and the same with <c>!=</c>.</summary>
internal static class Truths
{
    public static Node Compare(Node left, Token op, Part right)
    {
        if (op.Kind is not (TokenKind.Equal or TokenKind.NotEqual))
            throw new MistakeException(op.Position, $"`{op.Text}` compares numbers, and its left side is true or false");
        if (right.Node is not Constant constant)
            throw new MistakeException(right.Position, "a condition can only be compared with true or false");
        return constant.Value == (op.Kind == TokenKind.Equal) ? left : new Negation(left);
    }
}

/// <summary>Reads the values behind <c>in</c>.</summary>
internal static class InList
{
    public static Node Read(Parser parser, Operand left)
    {
        if (left.IsLiteral) throw new MistakeException(left.Position, "a measure is expected before in");
        parser.Expect(TokenKind.Open, "`(` and a list, for example in (\"mql\",\"sql\")");
        var values = new List<Operand> { Value(parser) };
        while (parser.Current.Kind == TokenKind.Comma)
        {
            var comma = parser.Take();
            if (values.Count == RuleLimits.ListMax)
                throw new MistakeException(comma.Position, $"a list holds at most {RuleLimits.ListMax} values");
            values.Add(Value(parser));
        }
        parser.Expect(TokenKind.Close, "`,` or `)`");
        var numbers = values[0].Source == Source.NumberLiteral;
        foreach (var value in values) Comparisons.CheckListed(left, value, numbers);
        return numbers
            ? new Junction(false, [.. values.Select(value => new Compared(left, Operator.Equal, value, AsText: false))])
            : new Listed(left, [.. values.Select(value => value.Names[0])]);
    }

    private static Operand Value(Parser parser) => parser.Current.Kind is TokenKind.Number or TokenKind.Text
        ? Operand.Of(parser.Take())
        : throw new MistakeException(parser.Current.Position, $"a list holds numbers or texts in double quotes, found {parser.Current}");
}
