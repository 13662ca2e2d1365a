namespace ClosedLoop.Streaming.Warehouse;

/// <summary>INSERT of a block with its token. Table and columns are names from the schema, the token is checked: no text from outside.</summary>
internal static class InsertStatement
{
    public const int TokenCharactersMax = 128;

    public static string Of(NativeBlock block, string token)
    {
        if (token.Length is 0 or > TokenCharactersMax || !token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new ArgumentException("A token is 1 to 128 of A-Z a-z 0-9 - _.", nameof(token));
        return $"INSERT INTO closedloop.{block.Table} ({string.Join(", ", block.Columns)}) SETTINGS insert_deduplication_token = '{token}'";
    }
}
