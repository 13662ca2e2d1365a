using System.Collections.Concurrent;
using System.Diagnostics;
using ClosedLoop.Streaming.Log;
using StackExchange.Redis;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// The journal in Redis (DESIGN.md §4): a fenced save of states, position and what is to be published; publish; clear. A crash anywhere leaves
/// a step that either never was, or that the next owner finishes: what is in the log already is found there and not published again.
/// </summary>
public sealed class RedisJournal : IUnloadedJournal, IAsyncDisposable
{
    private readonly RedisLink _link;
    private readonly ILog _log;
    private readonly RedisSaver _saver;
    private readonly Publisher _publisher;
    private readonly ILogIdentity _identity;
    private readonly ConcurrentDictionary<int, RedisOwner> _owners = new();
    private readonly RedisTelemetry _telemetry;

    // A step that is saved goes to the log within this time or not by this owner any more.
    private static readonly TimeSpan _publishMax = TimeSpan.FromSeconds(5);

    /// <param name="identity">Which log the positions belong to.</param>
    public RedisJournal(RedisLink link, ILog log, ILogIdentity identity)
    {
        (_link, _log, _identity) = (link, log, identity);
        _saver = new RedisSaver(link);
        _publisher = new Publisher(log);
        _telemetry = new RedisTelemetry(() => _owners.Values);
    }

    /// <summary>For tests: called with the name of the step that is about to begin; what it throws is the crash.</summary>
    internal Action<string>? Crash
    {
        get => _saver.Crash;
        set => _saver.Crash = value;
    }

    /// <exception cref="InvalidOperationException">The states belong to another log, or are gone.</exception>
    public Task<JournalOpening> OpenAsync(int partition, Shelf shelf, CancellationToken cancel) => OpenAsync(partition, shelf, loads: true, cancel);

    /// <exception cref="InvalidOperationException">The states belong to another log, or are gone.</exception>
    public Task<JournalOpening> OpenUnloadedAsync(int partition, Shelf shelf, CancellationToken cancel) => OpenAsync(partition, shelf, loads: false, cancel);

    private async Task<JournalOpening> OpenAsync(int partition, Shelf shelf, bool loads, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        if (_owners.TryRemove(partition, out var old))
        {
            lock (old.Shelf.Gate) old.IsFenced = true;
            // What it has under way ends first, so that the log is looked through after its last record.
            await old.Last.WaitAsync(cancel).ConfigureAwait(false);
        }
        var keys = new RedisKeys(_link.Options.Prefix, partition);
        var head = await TakeOverAsync(partition, keys).ConfigureAwait(false);
        shelf.BytesMax = Math.Min(shelf.BytesMax, _link.Options.ShelfBytesMax);
        var owner = new RedisOwner(partition, Number(head[0]), Number(head[1]), keys, shelf);
        await _saver.TidyAsync(owner).ConfigureAwait(false);
        await _saver.FinishAsync(owner, (int)Number(head[4])).ConfigureAwait(false);
        if (loads) await new RedisLoader(_link).LoadAsync(keys, shelf, cancel).ConfigureAwait(false);
        await FinishAsync(owner, (int)Number(head[3]), TimeSpan.FromMilliseconds(Number(head[6])), cancel).ConfigureAwait(false);
        if (Number(head[7]) is >= 0 and var known && Number(head[3]) == 0) owner.Said = await _publisher.SaidAsync(partition, known, cancel).ConfigureAwait(false);
        _owners[partition] = owner;
        return new JournalOpening(owner.Epoch, Number(head[2]), (byte[])head[5]!);
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
            var count = StateChunk.CountOf(entry.States.Span);
            if (count < owner.Shelf.Changes)
                throw new InvalidOperationException($"The entry has {count} states, but {owner.Shelf.Changes} were changed since the last commit of partition {owner.Partition}.");
            owner.Shelf.Seal();
            var work = new RedisWork(entry.Absorbed, entry.Counters.ToArray(), entry.States.ToArray(), Unpublished.Of(entry, _link.Options.ScriptBytesMax / 2));
            var published = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            owner.Last = CommitAsync(owner, work, owner.Last, published);
            return published.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var partition in _owners.Keys.ToList())
            if (_owners.TryRemove(partition, out var owner)) await owner.Last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _telemetry.Dispose();
    }

    /// <summary>One after another, so that the order in the log is that of the commits. Never throws: who waits is told through <paramref name="published"/>.</summary>
    private async Task CommitAsync(RedisOwner owner, RedisWork work, Task previous, TaskCompletionSource published)
    {
        await Task.Yield();
        await previous.ConfigureAwait(false);
        try
        {
            if (owner.Broken is { } broken) throw broken;
            Crash?.Invoke("save");
            if (owner.Said.Count > 0) work = work with { Outs = Publisher.Without(work.Outs, owner.Said) };
            _publisher.Marked(work.Outs);
            var began = Stopwatch.GetTimestamp();
            await _saver.SaveAsync(owner, work).ConfigureAwait(false);
            Crash?.Invoke("publish");
            if (work.Outs.Count > 0 && Stopwatch.GetElapsedTime(began) > _publishMax) throw RedisRefusals.Late(owner.Partition);
            await _publisher.PublishAsync(work.Outs).ConfigureAwait(false);
            _telemetry.Committed();
            published.TrySetResult();
            Crash?.Invoke("clear");
            if (work.Outs.Count > 0) await _saver.ClearAsync(owner, _log.EndOffset(Topic.Facts, owner.Partition)).ConfigureAwait(false);
            Crash?.Invoke("cleared");
        }
        catch (Exception e)
        {
            lock (owner.Shelf.Gate) owner.Broken ??= e;
            if (e is FencedException) _telemetry.Fenced();
            published.TrySetException(e);
        }
    }

    /// <summary>Raises the epoch; gives what <see cref="RedisScripts.Open"/> says.</summary>
    private async Task<RedisResult[]> TakeOverAsync(int partition, RedisKeys keys)
    {
        // Facts are said by whoever has states. Where they are and the states are not, beginning at the first hit would say them all again.
        var mayBeNew = _link.Options.StartFromNothing || _log.EndOffset(Topic.Facts, partition) == 0;
        var head = (RedisResult[])(await new RedisScriptCall(RedisScripts.Open, keys.Head).With(_identity.Identity).With(mayBeNew ? 1 : 0).AskAsync(_link).ConfigureAwait(false))!;
        return head.Length switch
        {
            1 => throw new InvalidOperationException($"Redis has no states of partition {partition} under the prefix {_link.Options.Prefix}, but the log has facts that came of some: it was emptied, or it is another Redis. Restore it from a backup or name the right one; Redis:StartFromNothing=true works on every hit again and says every fact again."),
            2 => throw new InvalidOperationException($"Redis holds the states of another log ({(string)head[1]!}) under the prefix {_link.Options.Prefix}, and this log is {_identity.Identity}. Name the Redis that belongs to this log, or use another Redis:Prefix."),
            _ => head,
        };
    }

    /// <param name="age">Time since those were saved.</param>
    private async Task FinishAsync(RedisOwner owner, int outs, TimeSpan age, CancellationToken cancel)
    {
        if (outs == 0) return;
        // Their owner may be alive, frozen or slow, and still have appends under way; after this time it has none.
        var rest = _identity.AppendMax == TimeSpan.Zero ? TimeSpan.Zero : _identity.AppendMax + _publishMax - age;
        if (rest > TimeSpan.Zero) await Task.Delay(rest, cancel).ConfigureAwait(false);
        var elements = new List<Unpublished>();
        for (var i = 0; i < outs; i++)
            elements.Add(Unpublished.Read((byte[])(await _link.AskAsync("LINDEX", owner.Keys.Unpublished, i).ConfigureAwait(false))!));
        await _publisher.FinishAsync(elements, cancel).ConfigureAwait(false);
        await _saver.ClearAsync(owner, _log.EndOffset(Topic.Facts, owner.Partition)).ConfigureAwait(false);
        _telemetry.Finished();
    }

    private Task Fenced(JournalEntry entry)
    {
        _telemetry.Fenced();
        return Task.FromException(new FencedException(entry.Partition, entry.Epoch));
    }

    private static long Number(RedisResult result) => long.Parse((string)result!, System.Globalization.CultureInfo.InvariantCulture);
}
