using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.Host.Verbs.Imports;

/// <summary>A row as an event of <c>POST /v1/events</c>: each column is the member of its name, wherever the API has it.</summary>
internal static partial class CsvEvent
{
    private static readonly HashSet<string> AtTop = new(StringComparer.Ordinal)
    {
        "event", "event_id", "site", "occurred_at", "visitor_id", "other_visitor_id", "url", "referrer", "title", "user_agent", "ip", "language", "timezone", "user_id",
        "heard_from", "form", "stage", "reason", "score", "question", "answer", "channel", "direction",
    };
    private static readonly HashSet<string> OfLead = new(StringComparer.Ordinal) { "email", "phone", "external_id" };
    private static readonly HashSet<string> OfCampaign = new(StringComparer.Ordinal) { "source", "medium", "campaign", "term", "content", "click_id" };
    // Money and counts are numbers in JSON; what is none stays text, and the door says what is wrong with it.
    private static readonly HashSet<string> Numbers = new(StringComparer.Ordinal) { "revenue", "amount", "discount", "gross_profit", "score" };

    /// <param name="otherwise">The event where no column names one; null: a column does.</param>
    public static JsonObject Of(CsvTable table, CsvRow row, string? otherwise, string? site)
    {
        var e = new JsonObject();
        if (otherwise is not null) e["event"] = otherwise;
        if (site is not null) e["site"] = site;
        foreach (var (column, cell) in table.Cells(row)) Put(e, column, cell);
        return e;
    }

    private static void Put(JsonObject e, string column, string cell)
    {
        if (column.StartsWith("lead.", StringComparison.Ordinal)) column = column[5..];
        if (Rest(column, "trait.") is { } trait || (trait = Rest(column, "traits.")) is not null) Part(Part(e, "lead"), "traits")[trait] = cell;
        else if (OfLead.Contains(column)) Part(e, "lead")[column] = cell;
        else if (OfCampaign.Contains(column)) Part(e, "campaign")[column] = cell;
        else if (AtTop.Contains(column)) e[column] = Value(column, cell);
        else Part(e, "properties")[Rest(column, "properties.") ?? column] = Value(column, cell);
    }

    private static string? Rest(string column, string start) => column.StartsWith(start, StringComparison.Ordinal) && column.Length > start.Length ? column[start.Length..] : null;

    private static JsonObject Part(JsonObject of, string name) => (of[name] ??= new JsonObject()).AsObject();

    private static JsonNode Value(string column, string cell)
    {
        if (Numbers.Contains(column) && JsonNumber().IsMatch(cell)) return JsonNode.Parse(cell)!;
        if (column != "items" || !cell.StartsWith('[')) return cell;
        try { return JsonNode.Parse(cell) ?? cell; }
        catch (JsonException) { return cell; }
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]{0,27})(\.[0-9]{1,20})?$", RegexOptions.CultureInvariant)]
    private static partial Regex JsonNumber();
}
