namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>A clock that stands still until it is moved; timers fire in order of their time, on the thread that moves it.</summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private long _ticks = new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() { lock (_gate) return _ticks; }
    public override DateTimeOffset GetUtcNow() { lock (_gate) return new DateTimeOffset(_ticks, TimeSpan.Zero); }
    public long NowMs => GetUtcNow().ToUnixTimeMilliseconds();

    public void Advance(TimeSpan by)
    {
        var until = GetUtcNow() + by;
        while (NextDue(until.Ticks) is { } timer) timer.Fire();
        lock (_gate) _ticks = until.Ticks;
    }

    /// <summary>To the next timer, if there is one within the span.</summary>
    public bool AdvanceToNext(TimeSpan within)
    {
        if (NextDue((GetUtcNow() + within).Ticks) is not { } timer) return false;
        timer.Fire();
        return true;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private Timer? NextDue(long untilTicks)
    {
        lock (_gate)
        {
            var next = _timers.Where(t => t.DueTicks <= untilTicks).MinBy(t => t.DueTicks);
            if (next is null) return null;
            _ticks = Math.Max(_ticks, next.DueTicks);
            _timers.Remove(next);
            return next;
        }
    }

    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public long DueTicks { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                DueTicks = time._ticks + dueTime.Ticks;
                time._timers.Add(this);
            }
            return true;
        }

        public void Fire() => callback(state);

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
