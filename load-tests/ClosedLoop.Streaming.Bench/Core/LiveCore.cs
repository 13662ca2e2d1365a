using System.Diagnostics;
using ClosedLoop.Streaming.Bench.Machine;
using ClosedLoop.Streaming.Bench.Measuring;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Bench.Core;

/// <summary>One partition's core over a shelf that holds the whole mix, driven as its owner drives it, without log and journal.</summary>
internal sealed class LiveCore : IDisposable
{
    private const int BatchHits = 4096, StepHits = 1024;

    private readonly VisitorMix _mix;
    private readonly HitBatch _batch = new(BatchHits);
    private readonly Shelf _shelf = new();
    private readonly PartitionCore _core;
    private readonly Lookahead _ahead;
    private long _chunk = 1;

    public LiveCore(int visitors)
    {
        _mix = new VisitorMix(visitors, seed: 5);
        _core = new PartitionCore(_shelf, partitions: 1);
        _ahead = new Lookahead(_shelf);
        foreach (var record in TwentyRules.Published()) _core.Handle(record);
        if (_core.Bench.Rules.Current.Version != 2) throw new InvalidOperationException("The twenty rules were not understood.");
    }

    public long Visitors => _shelf.Count;
    /// <summary>Bytes of memory of states, index and accounts.</summary>
    public long ShelfBytes => _shelf.Bytes;
    public long Hits => _mix.Hits;
    /// <summary>Facts that the hits of the last <see cref="Measure"/> left behind.</summary>
    public long Facts { get; private set; }
    /// <summary>Decides and keeps, but writes no facts.</summary>
    public bool Silent { get => _core.Bench.Facts.IsSilent; set => _core.Bench.Facts.IsSilent = value; }
    public long SegmentChanges => _core.Bench.Counters.SegmentChanges;
    /// <summary>Gets the framed facts of every step, for whoever wants to keep them.</summary>
    public Action<int, byte[]>? Keep { get; init; }

    /// <summary>Works through the whole mix once.</summary>
    public void Populate(Action<ReadOnlySpan<ulong>>? visitors = null)
    {
        for (var left = _mix.Hits; left > 0; left -= BatchHits)
        {
            _batch.Fill(_mix, (int)Math.Min(left, BatchHits));
            Handle();
            visitors?.Invoke(_batch.Visitors.AsSpan(0, _batch.Count));
        }
        if (_core.Bench.Counters.Poison + _core.Bench.Counters.Duplicates > 0) throw new InvalidOperationException("Hits of the mix were refused.");
    }

    /// <summary>More hits of the same people, for this long. Only the handling is measured.</summary>
    public Slice Measure(TimeSpan time) => Batches(time, Handle);

    /// <summary>The same sequence of people, for the opponent.</summary>
    public Slice MeasureTable(RandomTable table, TimeSpan time) => Batches(time, () =>
    {
        foreach (var visitor in _batch.Visitors) table.Touch(visitor);
    });

    public void Dispose() => _shelf.Dispose();

    private Slice Batches(TimeSpan time, Action work)
    {
        var sum = new Slice();
        while (sum.Seconds < time.TotalSeconds && sum.CpuSeconds < time.TotalSeconds)
        {
            _batch.Fill(_mix, BatchHits);
            var (wall, cpu) = (Stopwatch.GetTimestamp(), Posix.ThreadSeconds());
            work();
            sum += new Slice(BatchHits, Stopwatch.GetElapsedTime(wall).TotalSeconds, Posix.ThreadSeconds() - cpu);
        }
        return sum;
    }

    private void Handle()
    {
        var step = 0;
        _ahead.Begin(_batch.Bytes);
        foreach (var record in new LogSlice(0, _batch.Count, _batch.Bytes))
        {
            _core.Handle(record, _ahead.Next());
            if (++step % StepHits == 0) EndStep();
        }
    }

    private void EndStep()
    {
        Facts += _core.Bench.Outbox.FactCount;
        Keep?.Invoke(_core.Bench.Outbox.FactCount, _core.Bench.Outbox.Facts());
        _core.Bench.Outbox.Clear();
        _shelf.BeginChunk(++_chunk);
    }
}
