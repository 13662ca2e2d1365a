using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClosedLoop.Streaming.Host.Verbs.Imports;

/// <summary>Events as JSON lines. A line without an <c>event_id</c> is known again by its text and by how often that text came before it.</summary>
internal sealed class EventsImport(SystemClient system, string? site)
{
    private readonly LineIds _ids = new("line");

    public async Task<int> RunAsync(string file, Action<long> progress, CancellationToken cancel)
    {
        var batch = new ImportBatch(system, "events");
        var count = new ImportCount();
        await count.BeginAsync(system, cancel);
        foreach (var text in LineSource.Read(file))
        {
            cancel.ThrowIfCancellationRequested();
            count.Lines++;
            if (string.IsNullOrWhiteSpace(text)) count.Leave("empty lines");
            else await batch.AddAsync(Event(text), cancel);
            if (count.Lines % 1000 == 0) progress(count.Lines);
        }
        await batch.FlushAsync(cancel);
        progress(count.Lines);
        return await count.FinishAsync(system, batch, cancel);
    }

    private string Event(string text)
    {
        JsonObject? e;
        try { e = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 14 }) as JsonObject; }
        catch (JsonException) { e = null; }
        e ??= new JsonObject { ["malformed_line"] = text };
        try
        {
            if (site is not null && !e.ContainsKey("site")) e["site"] = site;
            if (!e.ContainsKey("event_id")) e["event_id"] = _ids.Of(text);
            return e.ToJsonString();
        }
        catch (ArgumentException)
        {
            // A member that stands twice.
            return new JsonObject { ["malformed_line"] = text, ["event_id"] = _ids.Of(text) }.ToJsonString();
        }
    }
}
