using System.Text.Json;

namespace ClosedLoop.Streaming.Host.Verbs.Imports;

/// <summary>What became of the lines of a file. Repetitions are found by each person's owner, so they are read from the system's own account.</summary>
internal sealed class ImportCount
{
    private long _duplicatesBefore;

    public long Lines { get; set; }
    public SortedDictionary<string, long> LeftOut { get; } = new(StringComparer.Ordinal);

    public void Leave(string reason) => LeftOut[reason] = LeftOut.GetValueOrDefault(reason) + 1;

    public async Task BeginAsync(SystemClient system, CancellationToken cancel) => _duplicatesBefore = await DuplicatesAsync(system, cancel);

    /// <summary>Waits until the owners have seen everything, prints the summary; returns the exit code.</summary>
    public async Task<int> FinishAsync(SystemClient system, ImportBatch batch, CancellationToken cancel)
    {
        var duplicates = await DuplicatesAsync(system, cancel) - _duplicatesBefore + batch.RepeatedAtDoor;
        // Refused lines that were known as such are repetitions too.
        var refused = Math.Min(batch.Refused, batch.Sent - duplicates);
        var stored = batch.Sent - duplicates - refused;
        void Line(string name, long value) => Console.Out.WriteLine($"  {name,-28}{value,12:#,0}");
        Line("lines read", Lines);
        Line("stored", stored);
        Line("left out", LeftOut.Values.Sum());
        foreach (var (reason, count) in LeftOut) Line("  " + reason, count);
        Line("refused", refused);
        Line("duplicates", duplicates);
        foreach (var reason in batch.Reasons) Console.Out.WriteLine($"  refused: {reason}");
        var addsUp = Lines == stored + LeftOut.Values.Sum() + refused + duplicates;
        if (!addsUp) await Console.Error.WriteLineAsync("The numbers do not add up to the lines read; other senders were at work, or the import was cut off.");
        return addsUp ? 0 : 1;
    }

    private static async Task<long> DuplicatesAsync(SystemClient system, CancellationToken cancel) =>
        (await system.SettledAsync(cancel)).GetProperty("duplicates").GetInt64();
}
