namespace ClosedLoop.Streaming.Segments;

internal enum TokenKind : byte { End, Name, Number, Window, Text, Open, Close, Comma, Less, AtMost, More, AtLeast, Equal, NotEqual }

/// <summary>One word of a rule, with where it stands.</summary>
internal readonly record struct Token(TokenKind Kind, int Position, int Length, string Text, decimal Number = 0, long WindowMs = 0)
{
    public bool Is(string keyword) => Kind == TokenKind.Name && Text == keyword;

    public bool IsComparison => Kind is >= TokenKind.Less and <= TokenKind.NotEqual;

    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end of the rule",
        TokenKind.Text => $"the text \"{Text}\"",
        _ => $"`{Text}`",
    };
}
