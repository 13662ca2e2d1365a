namespace ClosedLoop.Streaming.Warehouse.Port;

internal enum SqlTokenKind : byte
{
    /// <summary>Bare word: keyword, name, function.</summary>
    Word,
    /// <summary>Name in backticks or double quotes; the text is unescaped.</summary>
    QuotedName,
    /// <summary>'…', or a heredoc $tag$…$tag$; the text is unescaped.</summary>
    String,
    Number,
    /// <summary>One character of punctuation.</summary>
    Sign,
}

/// <summary>A piece of SQL that means something: comments and space are gone.</summary>
/// <param name="Start">Where it begins in the text.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text, int Start)
{
    public bool Is(string word) => Kind == SqlTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool Is(char sign) => Kind == SqlTokenKind.Sign && Text[0] == sign;

    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;
}
