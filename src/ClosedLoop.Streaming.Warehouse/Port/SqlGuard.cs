namespace ClosedLoop.Streaming.Warehouse.Port;

/// <summary>What a checked query is.</summary>
/// <param name="Sql">The text to run: without a trailing semicolon.</param>
/// <param name="Streamed">The engine streams SELECT only.</param>
/// <param name="Format">Named by a FORMAT clause; null when there is none.</param>
internal sealed record GuardedQuery(string Sql, bool Streamed, string? Format);

/// <summary>
/// The first of three fences around queries from outside (the others: the engine's own parser must call the text one read-only statement,
/// and the session runs under <c>readonly</c> with limits). The rules look at tokens wherever they stand, not at what the grammar makes
/// of them, so that no clause of the grammar that we forgot is a way around. Refusing too much is right here.
/// </summary>
/// <param name="tableFunctions">Names of all table functions that the engine knows.</param>
internal sealed class SqlGuard(IReadOnlySet<string> tableFunctions)
{
    private const int DepthMax = 200;

    public GuardedQuery Check(string sql)
    {
        var tokens = SqlScanner.Scan(sql);
        var count = tokens.Count;
        while (count > 0 && tokens[count - 1].Is(';')) count--;
        if (count == 0) throw new PortRefusal(62, "SYNTAX_ERROR", "Empty query");
        var end = count < tokens.Count ? tokens[count].Start : sql.Length;
        tokens = [.. tokens.Take(count)];

        CheckDepth(tokens);
        var streamed = Statement(tokens);
        for (var i = 0; i < tokens.Count; i++) Check(tokens, i);
        return new GuardedQuery(sql[..end], streamed, FormatOf(tokens));
    }

    private static bool Statement(IReadOnlyList<SqlToken> tokens)
    {
        var at = 0;
        while (at < tokens.Count && tokens[at].Is('(')) at++;
        var word = at < tokens.Count && tokens[at].Kind == SqlTokenKind.Word ? tokens[at].Text.ToUpperInvariant() : "";
        if (!SqlRules.Statements.Contains(word)) throw PortRefusal.ReadOnly(word.Length > 0 && word.Length < 40 ? word : "This statement");
        if (word == "SHOW" && !(at + 1 < tokens.Count && SqlRules.Shown.Contains(tokens[at + 1].Text)))
            throw PortRefusal.Denied("SHOW of this kind");
        return word is "SELECT" or "WITH";
    }

    private void Check(IReadOnlyList<SqlToken> tokens, int i)
    {
        var token = tokens[i];
        var next = i + 1 < tokens.Count ? tokens[i + 1] : default;
        if (token.Is(';')) throw PortRefusal.ReadOnly("More than one statement");
        if (token.Is('{')) CheckParameter(tokens, i);
        if (!token.IsName) return;
        if (token.Is("INTO")) throw PortRefusal.ReadOnly("INTO");
        if (token.Is("INSERT") && next.Is("INTO") || token.Is("PARALLEL") && next.Is("WITH")) throw PortRefusal.ReadOnly(token.Text);
        // In a sub-query the engine does not refuse the clause, not even under readonly.
        if (token.Is("SETTINGS") && !(i > 0 && (tokens[i - 1].Is('.') || tokens[i - 1].Is("SHOW"))) && (next.IsName || next.Is('{')))
            throw PortRefusal.ReadOnly("SETTINGS in a query");
        if (next.Is('(')) CheckCall(token.Text);
        if (next.Is('.') && i + 2 < tokens.Count) CheckDatabase(token.Text, tokens[i + 2].Text);
    }

    /// <summary>{name:Type} holds a value; as an Identifier it would be syntax that nobody checked.</summary>
    private static void CheckParameter(IReadOnlyList<SqlToken> tokens, int open)
    {
        for (var i = open + 1; i < tokens.Count && !tokens[i].Is('}'); i++)
            if (tokens[i].IsName && tokens[i].Text.Equals("Identifier", StringComparison.OrdinalIgnoreCase))
                throw PortRefusal.Denied("parameters of type Identifier");
    }

    private void CheckCall(string name)
    {
        if (SqlRules.HarmlessTableFunctions.Contains(name)) return;
        if (tableFunctions.Contains(name) || SqlRules.KnownTableFunctions.Contains(name)) throw PortRefusal.Denied($"table function {name}");
        if (SqlRules.ForbiddenFunctions.Contains(name) || SqlRules.ForbiddenPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            throw PortRefusal.Denied($"function {name}");
    }

    private static void CheckDatabase(string database, string table)
    {
        var allowed = database.ToUpperInvariant() switch
        {
            "SYSTEM" => SqlRules.SystemTables.Contains(table),
            "INFORMATION_SCHEMA" => SqlRules.InformationTables.Contains(table),
            "DEFAULT" or "_TEMPORARY_AND_EXTERNAL_TABLES" => false,
            _ => true,
        };
        if (!allowed) throw PortRefusal.Denied($"SELECT on {database}.{table}");
    }

    private static string? FormatOf(IReadOnlyList<SqlToken> tokens)
    {
        for (var i = tokens.Count - 2; i >= 0; i--)
            if (tokens[i].Is("FORMAT") && tokens[i + 1].Kind == SqlTokenKind.Word && (i + 2 == tokens.Count || tokens[i + 2].Is("SETTINGS")))
                return tokens[i + 1].Text;
        return null;
    }

    private static void CheckDepth(IReadOnlyList<SqlToken> tokens)
    {
        var depth = 0;
        foreach (var token in tokens)
        {
            if (token.Is('(') || token.Is('[') || token.Is('{')) depth++;
            else if (token.Is(')') || token.Is(']') || token.Is('}')) depth--;
            if (depth > DepthMax) throw new PortRefusal(306, "TOO_DEEP_RECURSION", $"The query is nested deeper than {DepthMax}");
        }
    }
}
