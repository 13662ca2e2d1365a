using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ClosedLoop.Streaming.Reports;

/// <summary>A column of an answer. Types: text, date, integer, number, money. Units: people, sessions, …, a currency, days; empty when none.</summary>
public sealed record ReportColumn(string Name, string Type, string Unit);

/// <summary>Rows of one period; null where a figure is not known.</summary>
public sealed record ReportRows(IReadOnlyList<object?[]> Rows, object?[] Totals);

/// <summary>What a report answers, as JSON (CONTRACT.md §7) or CSV.</summary>
public sealed record ReportAnswer(
    IReadOnlyList<ReportColumn> Columns, ReportRows Now, ReportPeriod Period, ReportRows? Before, string Sql, DateTimeOffset AsOf)
{
    /// <summary>Values of the parameters in <see cref="Sql"/>, as text.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Why a figure is null, what a definition leaves out; whole sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public byte[] Json()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("columns"u8);
            foreach (var column in Columns)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, column.Name);
                json.WriteString("type"u8, column.Type);
                json.WriteString("unit"u8, column.Unit);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            Write(json, Now);
            if (Before is not null)
            {
                json.WriteStartObject("previous"u8);
                json.WriteString("from"u8, Date(Period.Previous.From));
                json.WriteString("to"u8, Date(Period.Previous.To));
                Write(json, Before);
                json.WriteEndObject();
            }
            json.WriteString("sql"u8, Sql);
            json.WriteStartObject("parameters"u8);
            foreach (var (name, value) in Parameters.OrderBy(p => p.Key, StringComparer.Ordinal)) json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteStartArray("notes"u8);
            foreach (var note in Notes) json.WriteStringValue(note);
            json.WriteEndArray();
            json.WriteString("as_of"u8, AsOf.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <summary>One line per row; with a comparison a column <c>period</c> says which. Cells that a spreadsheet would take for a formula are neutralised.</summary>
    public byte[] Csv()
    {
        var text = new StringBuilder();
        text.AppendJoin(',', Columns.Select(c => c.Name).Prepend(Before is null ? null : "period").OfType<string>()).Append("\r\n");
        Lines(text, Now, Before is null ? null : "current");
        if (Before is not null) Lines(text, Before, "previous");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Lines(StringBuilder text, ReportRows rows, string? period)
    {
        foreach (var row in rows.Rows)
        {
            if (period is not null) text.Append(period).Append(',');
            text.AppendJoin(',', row.Select(CsvCell.Of)).Append("\r\n");
        }
    }

    private void Write(Utf8JsonWriter json, ReportRows rows)
    {
        json.WriteStartArray("rows"u8);
        foreach (var row in rows.Rows)
        {
            json.WriteStartArray();
            foreach (var value in row) Value(json, value);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStartObject("totals"u8);
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Type is "text" or "date") continue;
            json.WritePropertyName(Columns[i].Name);
            Value(json, rows.Totals[i]);
        }
        json.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case long whole: json.WriteNumberValue(whole); break;
            case decimal money: json.WriteNumberValue(money); break;
            default: json.WriteNumberValue(Convert.ToDouble(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
