using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// What one step of a partition's owner leaves behind, taken all or not at all: the changed states, the position up to which hits are
/// absorbed, the facts that follow, and messages to actors of any partition (appended to the topic of hits).
/// </summary>
/// <param name="Partition">Partition of hits that was worked on.</param>
/// <param name="Epoch">Epoch of the owner; an older epoch than the journal has seen is refused (a zombie).</param>
/// <param name="Absorbed">Next offset of hits to read.</param>
/// <param name="States">What <see cref="StateChunkWriter.Finish"/> gives for every state put or removed since the last commit; may be empty.</param>
/// <param name="Facts">Records for the topic of facts, same partition, each with a 4-byte little-endian length in front.</param>
/// <param name="FactCount">Number of records in <paramref name="Facts"/>.</param>
/// <param name="Messages">Records for the topic of hits, by target partition, framed the same way.</param>
/// <param name="Counters">The owner's own running numbers (at most <see cref="CountersBytesMax"/> bytes), kept with the position and given back when the partition is opened.</param>
public sealed record JournalEntry(
    int Partition, long Epoch, long Absorbed,
    ReadOnlyMemory<byte> States, ReadOnlyMemory<byte> Facts, int FactCount, IReadOnlyList<JournalMessages> Messages,
    ReadOnlyMemory<byte> Counters = default)
{
    /// <summary>64 KiB.</summary>
    public const int CountersBytesMax = 64 * 1024;
}

/// <summary>Messages of one step to one partition.</summary>
public readonly record struct JournalMessages(int Partition, int Count, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// Save, then publish (DESIGN.md §4). Embedded: one transaction. Distributed: fenced save with the unpublished facts, publish, clear.
/// </summary>
public interface IJournal
{
    /// <summary>
    /// Takes ownership of a partition with a new epoch, loads every state into the shelf, finishes a publication that a crash cut off,
    /// and says from which offset of hits to go on.
    /// </summary>
    Task<JournalOpening> OpenAsync(int partition, Shelf shelf, CancellationToken cancel);

    /// <summary>
    /// Completes when the entry is durable and published. Entries of one partition are taken in the order of the calls; a caller may have
    /// several under way, and may use the memory that it handed in again as soon as the call returns. The call itself seals the shelf: make it
    /// before the next change of the shelf, without giving up its gate in between, so that nobody finds changes that no chunk holds.
    /// Throws <see cref="FencedException"/> when a newer epoch owns the partition; then nothing is written. After any other error the shelf is
    /// ahead of what is durable: drop it and open the partition again.
    /// </summary>
    Task CommitAsync(JournalEntry entry);
}

/// <param name="Epoch">To be given with every commit.</param>
/// <param name="Absorbed">Next offset of hits to read.</param>
/// <param name="Counters">As handed in with the last commit; empty when there was none.</param>
public readonly record struct JournalOpening(long Epoch, long Absorbed, ReadOnlyMemory<byte> Counters);

/// <summary>A newer owner has this partition; the process that sees this drops its states and stops working on it.</summary>
public sealed class FencedException(int partition, long epoch)
    : Exception($"Partition {partition} has a newer owner than epoch {epoch}.");
