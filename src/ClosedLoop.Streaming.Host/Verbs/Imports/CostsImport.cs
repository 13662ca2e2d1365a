using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClosedLoop.Streaming.Host.Verbs.Imports;

/// <summary>Costs as CSV, to <c>POST /v1/costs</c>. What stands already is counted as unchanged; the same file again adds nothing.</summary>
internal sealed class CostsImport(SystemClient system, string? site)
{
    private const int RowsOfRequest = 500, ReasonsMax = 5, PageRows = 10_000;
    private static readonly string[] Needed = ["date", "amount"];
    private static readonly HashSet<string> Numbers = new(StringComparer.Ordinal) { "amount", "impressions", "clicks" };

    private readonly Dictionary<string, string> _standing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Id, string Currency)> _sites = new(StringComparer.Ordinal);
    private readonly List<(long Line, JsonObject Row)> _waiting = [];
    private readonly List<string> _reasons = [];
    private JsonObject? _last;
    private long _lines, _empty, _stored, _unchanged, _refused;

    public async Task<int> RunAsync(string file, Action<long> progress, CancellationToken cancel)
    {
        await ReadStandingAsync(file, cancel);
        var table = CsvTable.Open(file, Needed);
        foreach (var row in table.Rows())
        {
            cancel.ThrowIfCancellationRequested();
            _lines++;
            if (string.IsNullOrWhiteSpace(row.Text)) _empty++;
            else if (table.Mistake(row) is { } mistake) Refuse(row.Line, "malformed_line", mistake);
            else _waiting.Add((row.Line, RowOf(table, row)));
            if (_waiting.Count == RowsOfRequest) await SendAsync(cancel);
            if (_lines % 1000 == 0) progress(_lines);
        }
        await SendAsync(cancel);
        progress(_lines);
        if (_last is not null) await ArrivedAsync(_last, cancel);
        return Print();
    }

    private JsonObject RowOf(CsvTable table, CsvRow row)
    {
        var json = new JsonObject();
        if (site is not null) json["site"] = site;
        foreach (var (column, cell) in table.Cells(row))
            json[column] = Numbers.Contains(column) && decimal.TryParse(cell, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : cell;
        return json;
    }

    private async Task SendAsync(CancellationToken cancel)
    {
        if (_waiting.Count == 0) return;
        var answer = await system.PostAsync("/v1/costs", "[" + string.Join(",", _waiting.Select(w => w.Row.ToJsonString())) + "]", cancel);
        var refused = answer.GetProperty("refused").EnumerateArray().ToDictionary(r => r.GetProperty("index").GetInt32());
        for (var i = 0; i < _waiting.Count; i++)
        {
            var (line, row) = _waiting[i];
            if (refused.TryGetValue(i, out var no)) Refuse(line, no.GetProperty("reason").GetString()!, no.GetProperty("detail").GetString()!);
            else if (_standing.TryGetValue(KeyOf(row), out var known) && known == ValueOf(row)) _unchanged++;
            else
            {
                _stored++;
                _standing[KeyOf(row)] = ValueOf(row);
                _last = row;
            }
        }
        _waiting.Clear();
    }

    /// <summary>What the archive has of the days of the file.</summary>
    private async Task ReadStandingAsync(string file, CancellationToken cancel)
    {
        var table = CsvTable.Open(file, Needed);
        var column = table.Columns.ToList().IndexOf("date");
        var (from, to) = ("9999-12-31", "0000-01-01");
        foreach (var row in table.Rows())
        {
            if (row.Cells.Count <= column || !DateOnly.TryParseExact(row.Cells[column], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is < 1970 or > 2148) continue;
            if (string.CompareOrdinal(row.Cells[column], from) < 0) from = row.Cells[column];
            if (string.CompareOrdinal(row.Cells[column], to) > 0) to = row.Cells[column];
        }
        await system.SettledAsync(cancel);
        foreach (var known in (await system.GetAsync("/v1/sites", cancel)).EnumerateArray())
        {
            var entry = (known.GetProperty("id").GetString()!, known.GetProperty("currency").GetString()!);
            foreach (var alias in known.GetProperty("aliases").EnumerateArray()) _sites.TryAdd(alias.GetString()!, entry);
            _sites[entry.Item1] = entry;
        }
        for (long? offset = 0; offset is not null && from != "9999-12-31";)
        {
            var page = await system.GetAsync($"/v1/costs?from={from}&to={to}&limit={PageRows}&offset={offset}", cancel);
            foreach (var cost in page.GetProperty("costs").EnumerateArray()) Remember(cost);
            offset = page.GetProperty("next").ValueKind == JsonValueKind.Null ? null : page.GetProperty("next").GetInt64();
        }
    }

    /// <summary>Waits until the archive has the last row, a minute at most: whoever asks next is to see what was imported.</summary>
    private async Task ArrivedAsync(JsonObject last, CancellationToken cancel)
    {
        var wanted = _standing[KeyOf(last)];
        for (var i = 0; i < 120; i++)
        {
            await system.SettledAsync(cancel);
            _standing.Remove(KeyOf(last));
            foreach (var cost in (await system.GetAsync($"/v1/costs?from={last["date"]}&to={last["date"]}&limit={PageRows}", cancel)).GetProperty("costs").EnumerateArray()) Remember(cost);
            if (_standing.GetValueOrDefault(KeyOf(last)) == wanted) return;
            await Task.Delay(500, cancel);
        }
    }

    private void Remember(JsonElement cost)
    {
        if (cost.GetProperty("link").ValueKind != JsonValueKind.Null) return;
        string Text(string name) => cost.GetProperty(name).GetString()!;
        _standing[Key(Text("site"), Text("date"), Text("source"), Text("medium"), Text("campaign"))] =
            Value(cost.GetProperty("original_amount").GetDecimal(), Text("original_currency"), cost.GetProperty("impressions").GetInt64(), cost.GetProperty("clicks").GetInt64());
    }

    private string KeyOf(JsonObject row)
    {
        string Text(string name) => row[name]?.ToString() ?? "";
        return Key(SiteOf(row).Id, Text("date"), Text("source"), Text("medium"), Text("campaign"));
    }

    private string ValueOf(JsonObject row) => Value(row["amount"]!.GetValue<decimal>(), row["currency"]?.ToString() ?? SiteOf(row).Currency, Whole(row, "impressions"), Whole(row, "clicks"));

    private (string Id, string Currency) SiteOf(JsonObject row) =>
        row["site"] is { } named && _sites.TryGetValue(named.ToString(), out var known) ? known : _sites.Values.FirstOrDefault(("", ""));

    private static long Whole(JsonObject row, string name) => row[name] is JsonValue value && value.TryGetValue<decimal>(out var number) ? (long)number : 0;

    private static string Key(params string[] parts) => string.Join('\u001F', parts);

    // Money has four digits behind the point in the archive.
    private static string Value(decimal amount, string currency, long impressions, long clicks) =>
        string.Create(CultureInfo.InvariantCulture, $"{decimal.Round(amount, 4, MidpointRounding.AwayFromZero):0.####} {currency} {impressions} {clicks}");

    private void Refuse(long line, string reason, string detail)
    {
        _refused++;
        if (_reasons.Count < ReasonsMax) _reasons.Add($"line {line}: {reason}: {detail}");
    }

    private int Print()
    {
        void Line(string name, long value) => Console.Out.WriteLine($"  {name,-28}{value,12:#,0}");
        Line("lines read", _lines);
        Line("stored", _stored);
        Line("left out", _empty);
        if (_empty > 0) Line("  empty lines", _empty);
        Line("refused", _refused);
        Line("duplicates", _unchanged);
        foreach (var reason in _reasons) Console.Out.WriteLine($"  refused: {reason}");
        return _lines == _stored + _empty + _refused + _unchanged ? 0 : 1;
    }
}
