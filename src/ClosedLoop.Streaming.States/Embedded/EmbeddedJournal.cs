using System.Buffers;
using System.Collections.Concurrent;
using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// The journal in the embedded file: states, facts, messages and position of a step are one transaction of the committer (COMPONENTS.md §6).
/// Fencing happens where commits are submitted, in order, because only one process has the file; the file itself checks it again.
/// </summary>
public sealed partial class EmbeddedJournal : IJournal, IAsyncDisposable
{
    private readonly IEmbeddedFile _file;
    private readonly StatesOptions _options;
    private readonly ConcurrentDictionary<int, PartitionOwner> _owners = new();
    private readonly ConcurrentDictionary<int, SemaphoreSlim> _turns = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly StatesTelemetry _telemetry;
    private StateTables? _tables; // The committer's thread only.

    public EmbeddedJournal(IEmbeddedFile file, StatesOptions options)
    {
        if (options.Mistakes() is { Count: > 0 } mistakes) throw new ArgumentException(string.Join(" ", mistakes), nameof(options));
        _file = file;
        _options = options;
        _telemetry = new StatesTelemetry(() => _owners.Values);
    }

    public async Task<JournalOpening> OpenAsync(int partition, Shelf shelf, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partition, ChunkKey.PartitionMax);
        using var turn = await TurnAsync(partition, cancel).ConfigureAwait(false);
        // Commits of the old owner that were submitted are executed before the epoch is raised, later ones are refused here.
        Fence(partition);
        var epoch = await RaiseEpochAsync(partition).ConfigureAwait(false);
        shelf.BytesMax = Math.Min(shelf.BytesMax, _options.ShelfBytesMax);
        var loaded = await Task.Run(() => StateLoader.Load(_file, partition, shelf), cancel).ConfigureAwait(false);
        var owner = new PartitionOwner(partition, epoch, shelf, loaded);
        _owners[partition] = owner;
        await FindAsync(partition, cancel).ConfigureAwait(false);
        Upkeep(owner);
        _ = Task.Run(() => SweepAfterCrashAsync(partition), CancellationToken.None);
        return new JournalOpening(epoch, loaded.Position.Absorbed, loaded.Position.Counters);
    }

    public Task CommitAsync(JournalEntry entry)
    {
        if (entry.Counters.Length > JournalEntry.CountersBytesMax)
            throw new ArgumentException($"Counters of {entry.Counters.Length} bytes are over the limit of {JournalEntry.CountersBytesMax}.", nameof(entry));
        if (!_owners.TryGetValue(entry.Partition, out var owner)) return Fenced(entry);
        lock (owner.Shelf.Gate)
        {
            if (owner.Epoch != entry.Epoch || owner.IsFenced) return Fenced(entry);
            if (owner.Broken is { } broken) return Task.FromException(broken);
            var sequence = Seal(owner, entry.States.Span);
            return owner.LastCommit = SubmitAsync(owner, entry, sequence, owner.Commits++);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var partition in _owners.Keys)
        {
            using var turn = await TurnAsync(partition, CancellationToken.None).ConfigureAwait(false);
            Fence(partition);
        }
        _telemetry.Dispose();
    }

    private Task Fenced(JournalEntry entry)
    {
        _telemetry.Fenced();
        return Task.FromException(new FencedException(entry.Partition, entry.Epoch));
    }

    private async Task SubmitAsync(PartitionOwner owner, JournalEntry entry, long sequence, long follows)
    {
        // Copied, so that the owner can write its next chunk into the same buffer at once.
        var length = entry.States.Length;
        var states = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
        entry.States.CopyTo(states);
        var counters = entry.Counters.ToArray();
        var checksum = StateChunk.ChecksumOf(entry.States.Span);
        var absorbed = entry.Absorbed;
        try
        {
            await _file.SubmitAsync(new CommitUnit(Blocks(entry), (connection, transaction) =>
            {
                var tables = StateTables.For(connection, transaction, ref _tables);
                var row = Owned(tables, owner);
                // Can only be after a full disk took an earlier commit and let this one through: its states would be missing for ever.
                if (row.Commits != follows) throw new InvalidOperationException($"A commit of partition {owner.Partition} is missing before this one.");
                var rows = row.Rows;
                if (length > 0)
                {
                    tables.Insert(ChunkKey.Of(owner.Partition, owner.Generation, sequence), states, length);
                    rows = rows.With(sequence, checksum);
                }
                tables.Write(row with { Commits = follows + 1, Absorbed = absorbed, Counters = counters, Rows = rows });
            }, length + counters.Length + 200, Background: false)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            lock (owner.Shelf.Gate) owner.Broken ??= e;
            throw;
        }
        ArrayPool<byte>.Shared.Return(states);
        _telemetry.Committed();
        lock (owner.Shelf.Gate)
        {
            owner.DurableSequence = Math.Max(owner.DurableSequence, sequence);
            owner.Absorbed = Math.Max(owner.Absorbed, absorbed);
        }
        Upkeep(owner);
    }

    // The states that are handed in must be the ones that were changed: a forgotten one would be old after a restart, and nobody would notice.
    private static long Seal(PartitionOwner owner, ReadOnlySpan<byte> states)
    {
        var shelf = owner.Shelf;
        var count = StateChunk.CountOf(states);
        if (count < shelf.Changes)
            throw new InvalidOperationException($"The entry has {count} states, but {shelf.Changes} were changed since the last commit of partition {owner.Partition}.");
        var removals = shelf.Removals == 0 ? 0 : StateLoader.RemovalBytes(states, new ChunkPlace(owner.Partition, shelf.OpenChunk));
        var sequence = shelf.Seal();
        if (count > 0) owner.Chunks.Add(new ChunkRow(sequence, states.Length, removals));
        return sequence;
    }

    private static List<AppendBlock> Blocks(JournalEntry entry)
    {
        var blocks = new List<AppendBlock>(1 + entry.Messages.Count);
        if (entry.FactCount > 0) blocks.Add(new AppendBlock(Topic.Facts, entry.Partition, entry.FactCount, entry.Facts));
        foreach (var messages in entry.Messages)
            if (messages.Count > 0) blocks.Add(new AppendBlock(Topic.Hits, messages.Partition, messages.Count, messages.Bytes));
        return blocks;
    }

    private void Fence(int partition)
    {
        if (!_owners.TryRemove(partition, out var old)) return;
        lock (old.Shelf.Gate) old.IsFenced = true;
    }

    private async Task<long> RaiseEpochAsync(int partition)
    {
        var epoch = 0L;
        await _file.SubmitAsync(new CommitUnit([], (connection, transaction) =>
        {
            StateTables.Ensure(connection, transaction);
            var tables = StateTables.For(connection, transaction, ref _tables);
            var row = tables.Position(partition, CopyKind.Live);
            epoch = row.Epoch + 1;
            tables.Write(row with { Epoch = epoch });
        }, 200, Background: false)).ConfigureAwait(false);
        return epoch;
    }

    // Another process can't have written: the file is locked. If it did, nothing here is to be trusted any more, and the process stops.
    private static PositionRow Owned(StateTables tables, PartitionOwner owner)
    {
        var row = tables.Position(owner.Partition, CopyKind.Live);
        return row.Epoch == owner.Epoch ? row : throw new FencedException(owner.Partition, owner.Epoch);
    }
}
