using System.Diagnostics;

namespace ClosedLoop.Streaming.Log;

/// <summary>All that goes into one transaction and is acknowledged together. Reused by the committer.</summary>
internal sealed class Group
{
    // One waking of the pool carries this many waiting requests: few enough to use every core, many enough not to flood its queue.
    private const int WaitersPerCohortMax = 64;

    private Cohort? _cohort;

    public List<Segment> Segments { get; } = [];
    public List<Cohort> Cohorts { get; } = [];
    public List<Work> Works { get; } = [];
    public int Hits { get; private set; }
    public long DoorBytes { get; private set; }
    public long UnitBytes { get; private set; }
    /// <summary>Timestamp of the first append; meaningless without hits.</summary>
    public long OpenedAt { get; private set; }

    public bool IsEmpty => Hits == 0 && Works.Count == 0;
    public long Bytes => DoorBytes + UnitBytes;

    /// <summary>Counts one append of a door and gives the task that it shares.</summary>
    public Task Join(int bytes)
    {
        if (Hits++ == 0) OpenedAt = Stopwatch.GetTimestamp();
        DoorBytes += bytes;
        if (_cohort is null || _cohort.Waiters == WaitersPerCohortMax)
        {
            _cohort = new Cohort();
            Cohorts.Add(_cohort);
        }
        _cohort.Waiters++;
        return _cohort.Task;
    }

    public void Join(Work work)
    {
        Works.Add(work);
        Segments.AddRange(work.Blocks);
        UnitBytes += work.Bytes;
    }

    public void Clear()
    {
        Segments.Clear();
        Cohorts.Clear();
        Works.Clear();
        _cohort = null;
        Hits = 0;
        DoorBytes = UnitBytes = 0;
    }
}

/// <summary>
/// Waiters that are woken one after the other by one item of the thread pool: their continuations run inside it, which for hundreds of
/// short answers is much cheaper than hundreds of items.
/// </summary>
internal sealed class Cohort : TaskCompletionSource, IThreadPoolWorkItem
{
    private Exception? _error;

    public int Waiters { get; set; }

    public void Finish(Exception? error)
    {
        _error = error;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Execute()
    {
        if (_error is null) TrySetResult();
        else TrySetException(_error);
    }
}

/// <summary>A unit on its way, with its own waiter.</summary>
/// <param name="Unit">What was submitted; its blocks are already copied.</param>
/// <param name="Blocks">Copies of the unit's appends.</param>
/// <param name="Since">Timestamp of the submission.</param>
/// <param name="Committed">Runs on the committer's thread after the transaction is durable, before the waiter wakes.</param>
internal sealed record Work(CommitUnit Unit, Segment[] Blocks, long Since, Action? Committed)
{
    public Cohort Done { get; } = new();

    public long Bytes { get; } = Unit.Bytes + Blocks.Sum(b => (long)b.Bytes.Length);
}
