using System.Text;

namespace ClosedLoop.Streaming.Host.Verbs.Imports;

/// <summary>Gathers events and sends them in requests of bounded size; a 503 is tried again after the time that it names.</summary>
internal sealed class ImportBatch(SystemClient system, string kind)
{
    private const int EventsMax = 500, BytesMax = 700 * 1024, ReasonsMax = 5;
    private readonly List<string> _events = [];
    private readonly List<(long Line, string? Why)> _places = [];
    private int _bytes;

    public long Sent { get; private set; }
    public long RepeatedAtDoor { get; private set; }
    public long Refused { get; private set; }
    /// <summary>The first few refusals, for the summary.</summary>
    public List<string> Reasons { get; } = [];

    /// <param name="line">Where it stands in the file, for whoever has to mend it; 0: the reason says enough.</param>
    /// <param name="why">Why it can't be read, where that is known here.</param>
    public async Task AddAsync(string json, CancellationToken cancel, long line = 0, string? why = null)
    {
        var bytes = Encoding.UTF8.GetByteCount(json) + 1;
        if (_events.Count == EventsMax || _bytes + bytes > BytesMax) await FlushAsync(cancel);
        _events.Add(json);
        _places.Add((line, why));
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
            var (line, why) = _places[refused.GetProperty("index").GetInt32()];
            if (Reasons.Count < ReasonsMax)
                Reasons.Add($"{(line > 0 ? $"line {line}: " : "")}{refused.GetProperty("reason").GetString()}: {why ?? refused.GetProperty("detail").GetString()}");
        }
        _events.Clear();
        _places.Clear();
        _bytes = 0;
    }
}
