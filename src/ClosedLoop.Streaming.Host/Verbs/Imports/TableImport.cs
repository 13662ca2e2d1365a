using System.Text.Json.Nodes;

namespace ClosedLoop.Streaming.Host.Verbs.Imports;

/// <summary>
/// Orders or events of a CRM as CSV. A row without an <c>event_id</c> is known again by its text and by how often that text came before it;
/// orders and deals also by their own ids.
/// </summary>
/// <param name="otherwise">The event of rows that name none.</param>
/// <param name="needed">Columns that must be there.</param>
internal sealed class TableImport(SystemClient system, string kind, string? otherwise, IReadOnlyList<string> needed, string? site)
{
    private readonly LineIds _ids = new("row-" + kind);

    public async Task<int> RunAsync(string file, Action<long> progress, CancellationToken cancel)
    {
        var table = CsvTable.Open(file, needed);
        var batch = new ImportBatch(system, kind);
        var count = new ImportCount();
        await count.BeginAsync(system, cancel);
        foreach (var row in table.Rows())
        {
            cancel.ThrowIfCancellationRequested();
            count.Lines++;
            if (string.IsNullOrWhiteSpace(row.Text)) count.Leave("empty lines");
            else await batch.AddAsync(Event(table, row), cancel, row.Line, table.Mistake(row));
            if (count.Lines % 1000 == 0) progress(count.Lines);
        }
        await batch.FlushAsync(cancel);
        progress(count.Lines);
        return await count.FinishAsync(system, batch, cancel);
    }

    private string Event(CsvTable table, CsvRow row)
    {
        var e = table.Mistake(row) is { } mistake ? new JsonObject { ["malformed_line"] = $"{mistake}: {row.Text}" } : CsvEvent.Of(table, row, otherwise, site);
        if (site is not null && !e.ContainsKey("site")) e["site"] = site;
        // Rows that say the same are several when they stand there several times, and one when the file comes again.
        if (!e.ContainsKey("event_id")) e["event_id"] = _ids.Of(row.Text);
        return e.ToJsonString();
    }
}
