using System.Text;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Testing;

/// <summary>
/// The journal in memory, in the distributed order: save under the epoch, publish, clear. Each step can be where a crash happens: the hook is called
/// with "save", "saved", "published" (after each record) and "cleared", and what it throws comes out of the call. After a crash make a new one over the
/// same <see cref="MemoryStates"/> and the same log; records that were published without being cleared are then published again, as in the distributed form.
/// </summary>
public sealed class MemoryJournal(MemoryStates store, ILog log, Action<string>? crash = null) : IJournal
{
    private readonly Dictionary<int, Shelf> _shelves = [];

    public async Task<JournalOpening> OpenAsync(int partition, Shelf shelf, CancellationToken cancel)
    {
        long epoch;
        MemoryPartition saved;
        lock (store.Gate)
        {
            saved = store.Of(partition);
            epoch = ++saved.Epoch;
        }
        await PublishAsync(saved, epoch, partition);
        lock (store.Gate)
        {
            if (saved.Epoch != epoch) throw new FencedException(partition, epoch);
            foreach (var (key, value) in saved.States) shelf.Put(Encoding.Latin1.GetBytes(key), value.State, value.Due);
            shelf.Seal();
            _shelves[partition] = shelf;
            return new JournalOpening(epoch, saved.Absorbed, saved.Counters);
        }
    }

    public async Task CommitAsync(JournalEntry entry)
    {
        MemoryPartition saved;
        crash?.Invoke("save");
        lock (store.Gate)
        {
            saved = store.Of(entry.Partition);
            if (saved.Epoch != entry.Epoch) throw new FencedException(entry.Partition, entry.Epoch);
            Seal(_shelves[entry.Partition], entry);
            Save(saved, entry);
        }
        crash?.Invoke("saved");
        await PublishAsync(saved, entry.Epoch, entry.Partition);
        crash?.Invoke("cleared");
    }

    private async Task PublishAsync(MemoryPartition saved, long epoch, int partition)
    {
        List<(bool IsFact, int Partition, byte[] Record)> records;
        lock (store.Gate) records = [.. saved.Unpublished];
        foreach (var (isFact, target, record) in records)
        {
            await log.AppendAsync(isFact ? Topic.Facts : Topic.Hits, target, record);
            crash?.Invoke("published");
        }
        lock (store.Gate)
        {
            if (saved.Epoch != epoch) throw new FencedException(partition, epoch);
            saved.Unpublished.RemoveRange(0, records.Count);
        }
    }

    private static void Seal(Shelf shelf, JournalEntry entry)
    {
        var count = StateChunk.CountOf(entry.States.Span);
        if (count < shelf.Changes)
            throw new InvalidOperationException($"The entry has {count} states, but {shelf.Changes} were changed since the last commit of partition {entry.Partition}.");
        shelf.Seal();
    }

    private static void Save(MemoryPartition saved, JournalEntry entry)
    {
        saved.Absorbed = entry.Absorbed;
        saved.Counters = entry.Counters.ToArray();
        if (!entry.States.IsEmpty)
        {
            var reader = new StateChunkReader(entry.States.Span, new ChunkPlace(entry.Partition, 0));
            while (reader.MoveNext())
            {
                var key = Encoding.Latin1.GetString(reader.Key);
                if (reader.IsRemoval) saved.States.Remove(key);
                else saved.States[key] = (reader.State.ToArray(), reader.DueSeconds);
            }
        }
        foreach (var record in new LogSlice(0, entry.FactCount, entry.Facts)) saved.Unpublished.Add((true, entry.Partition, record.ToArray()));
        foreach (var messages in entry.Messages)
            foreach (var record in new LogSlice(0, messages.Count, messages.Bytes)) saved.Unpublished.Add((false, messages.Partition, record.ToArray()));
    }
}
