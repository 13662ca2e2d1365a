using System.Diagnostics;

namespace ClosedLoop.Streaming.Log;

/// <summary>Background units in the order of their submission. Guarded by the gate of the queue.</summary>
internal sealed class Backlog(EmbeddedLogOptions options)
{
    private readonly Queue<Work> _works = new();

    public int Count => _works.Count;

    public void Add(Work work) => _works.Enqueue(work);

    /// <summary>-1: nothing here; 0: the oldest has waited long enough for a ride; otherwise the milliseconds that it still waits.</summary>
    public int WaitMs(bool closing)
    {
        if (!_works.TryPeek(out var oldest)) return -1;
        if (closing) return 0;
        var rest = options.BackgroundWaitMax - Stopwatch.GetElapsedTime(oldest.Since);
        return rest <= TimeSpan.Zero ? 0 : (int)Math.Ceiling(rest.TotalMilliseconds);
    }

    /// <summary>Moves what may go along; <paramref name="riding"/> when somebody waits for the group's own members.</summary>
    public void MoveInto(Group group, bool riding)
    {
        var room = (long)(riding ? options.BackgroundRideBytesMax : options.CommitBytesMax);
        while (_works.TryPeek(out var work))
        {
            var starved = riding && Stopwatch.GetElapsedTime(work.Since) >= options.BackgroundStarveMax;
            if (work.Bytes > room && !starved && (riding || !group.IsEmpty)) return;
            _works.Dequeue();
            group.Join(work);
            room -= work.Bytes;
            if (starved) return;
        }
    }

    public bool TryTake(out Work? work) => _works.TryDequeue(out work);
}
