using System.Buffers.Binary;
using System.Text;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Testing;

/// <summary>What tests of a journal begin and end with.</summary>
public abstract class JournalRig : IAsyncDisposable
{
    private readonly List<Shelf> _shelves = [];

    /// <summary>A journal over what earlier ones of this test left behind; the first time over nothing. Four partitions.</summary>
    protected abstract Task<(IJournal Journal, ILog Log)> StartAsync();

    /// <summary>Ends the journal and the log of the last start, cleanly or not.</summary>
    protected abstract Task StopAsync();

    protected static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(240)).Token;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var shelf in _shelves) shelf.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task<(Shelf Shelf, JournalOpening Opening)> OpenAsync(IJournal journal, int partition)
    {
        var shelf = new Shelf();
        _shelves.Add(shelf);
        return (shelf, await journal.OpenAsync(partition, shelf, Soon));
    }

    /// <summary>All that was changed in the shelf, and nothing to publish.</summary>
    protected static JournalEntry Entry(Shelf shelf, int partition, long epoch, long absorbed, StateChunkWriter? writer = null, string counters = "")
    {
        writer ??= new StateChunkWriter();
        writer.Clear();
        shelf.WriteChanges(writer);
        return new JournalEntry(partition, epoch, absorbed, writer.Finish(), default, 0, [], Bytes(counters));
    }

    protected static void Put(Shelf shelf, string key, string state, uint due) => shelf.Put(Bytes(key), Bytes(state), due);

    /// <summary>key=state@due of all states, sorted.</summary>
    protected static List<string> States(Shelf shelf)
    {
        var states = new List<string>();
        for (var slot = 0; slot < shelf.SlotCount; slot++)
            if (shelf.TryReadSlot(slot, out var item)) states.Add($"{Text(item.Key)}={Text(item.State)}@{item.DueSeconds}");
        states.Sort(StringComparer.Ordinal);
        return states;
    }

    protected static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    protected static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    protected static byte[] Framed(params string[] records)
    {
        var bytes = new List<byte>();
        foreach (var record in records)
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, record.Length);
            bytes.AddRange(length);
            bytes.AddRange(Bytes(record));
        }
        return [.. bytes];
    }

    protected static async Task<List<string>> ReadAsync(ILog log, Topic topic, int partition)
    {
        var texts = new List<string>();
        for (var from = 0L; from < log.EndOffset(topic, partition);)
        {
            var slice = await log.ReadAsync(topic, partition, from, 1 << 20, Soon);
            foreach (var record in slice) texts.Add(Text(record.Span));
            from = slice.Next;
        }
        return texts;
    }
}
