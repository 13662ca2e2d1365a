using System.Text;

namespace ClosedLoop.Streaming.Host.Verbs.Imports;

/// <summary>Gathers events and sends them in requests of bounded size; a 503 is tried again after the time that it names.</summary>
internal sealed class ImportBatch(SystemClient system, string kind)
{
    private const int EventsMax = 500, BytesMax = 700 * 1024, ReasonsMax = 5;
    private readonly List<string> _events = [];
    private int _bytes;

    public long Sent { get; private set; }
    public long RepeatedAtDoor { get; private set; }
    public long Refused { get; private set; }
    /// <summary>The first few refusals, for the summary.</summary>
    public List<string> Reasons { get; } = [];

    public async Task AddAsync(string json, CancellationToken cancel)
    {
        var bytes = Encoding.UTF8.GetByteCount(json) + 1;
        if (_events.Count == EventsMax || _bytes + bytes > BytesMax) await FlushAsync(cancel);
        _events.Add(json);
        _bytes += bytes;
    }

    public async Task FlushAsync(CancellationToken cancel)
    {
        if (_events.Count == 0) return;
        var answer = await system.PostEventsAsync(_events, kind, cancel);
        Sent += _events.Count;
        RepeatedAtDoor += answer.GetProperty("duplicates").GetInt64();
        foreach (var refused in answer.GetProperty("refused").EnumerateArray())
        {
            Refused++;
            if (Reasons.Count < ReasonsMax) Reasons.Add($"{refused.GetProperty("reason").GetString()}: {refused.GetProperty("detail").GetString()}");
        }
        _events.Clear();
        _bytes = 0;
    }
}
