using ClosedLoop.Streaming.Host.Verbs.Replays;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Host.Verbs.Migrations;

/// <summary>
/// The states of a partition with the position that they have absorbed and the owner's counters. Only the last piece carries the position, so
/// that a copy which was cut off looks like one that has not begun, and is made again.
/// </summary>
internal sealed class StatesCopy(IJournal from, IJournal to, LogCopy log)
{
    private const int PieceBytesMax = 2 * 1024 * 1024;

    /// <summary>Finishes what a crash left unpublished, before the log is copied.</summary>
    public async Task SettleAsync(int partition, CancellationToken cancel)
    {
        using var shelf = new Shelf();
        await from.OpenAsync(partition, shelf, cancel);
    }

    /// <summary>Digests of both sides; equal exactly when every state, due time, position and counter is.</summary>
    public async Task<(string From, string To)> CopyAsync(int partition, CancellationToken cancel)
    {
        using var old = new Shelf();
        using var fresh = new Shelf();
        var was = await from.OpenAsync(partition, old, cancel);
        var absorbed = log.Moved(Topic.Hits, partition, was.Absorbed);
        var open = await to.OpenAsync(partition, fresh, cancel);
        var wanted = Digest(old, absorbed, was.Counters);
        if (Digest(fresh, open.Absorbed, open.Counters) == wanted) return (wanted, wanted);
        await WriteAsync(partition, open.Epoch, old, fresh, absorbed, was.Counters);

        using var read = new Shelf();
        var now = await to.OpenAsync(partition, read, cancel);
        return (wanted, Digest(read, now.Absorbed, now.Counters));
    }

    private async Task WriteAsync(int partition, long epoch, Shelf old, Shelf fresh, long absorbed, ReadOnlyMemory<byte> counters)
    {
        var (chunk, bytes) = (new StateChunkWriter(), 0);
        for (var slot = 0; slot < old.SlotCount; slot++)
        {
            bytes += Put(old, slot, fresh);
            if (bytes < PieceBytesMax) continue;
            await CommitAsync(partition, epoch, fresh, chunk, 0, default);
            bytes = 0;
        }
        await CommitAsync(partition, epoch, fresh, chunk, absorbed, counters);
    }

    private static int Put(Shelf old, int slot, Shelf fresh)
    {
        if (!old.TryReadSlot(slot, out ShelfItem item)) return 0;
        lock (fresh.Gate) fresh.Put(item.Key, item.State, item.DueSeconds);
        return item.Key.Length + item.State.Length;
    }

    private Task CommitAsync(int partition, long epoch, Shelf fresh, StateChunkWriter chunk, long absorbed, ReadOnlyMemory<byte> counters)
    {
        lock (fresh.Gate)
        {
            chunk.Clear();
            fresh.WriteChanges(chunk);
            return to.CommitAsync(new JournalEntry(partition, epoch, absorbed, chunk.Finish().ToArray(), default, 0, [], counters));
        }
    }

    private static string Digest(Shelf shelf, long absorbed, ReadOnlyMemory<byte> counters) =>
        $"{StateDigest.Of(shelf)}:{absorbed}:{Convert.ToHexStringLower(counters.Span)}";
}
