using ClosedLoop.Streaming.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.States.Tests;

public sealed class ScheduleTests : IAsyncDisposable
{
    private readonly StatesFolder _folder = new();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 0)]
    public async Task A_base_is_written_when_hits_may_be_deleted(bool bounded, long covered)
    {
        using var owner = await Owner.OpenAsync(_folder.Open().Journal, 2);
        for (var i = 0; i < 3; i++) await owner.CommitAsync(o => o.Put(i, 10, i));
        Assert.Equal([2], _folder.Journal.Uncovered());
        var log = new EmbeddedLogOptions { HitsAgeMax = bounded ? TimeSpan.FromDays(30) : null };
        var time = new OneDelay();
        using var schedule = new SnapshotSchedule(_folder.Journal, new StatesOptions(), log, time, NullLogger<SnapshotSchedule>.Instance);
        await schedule.StartAsync(CancellationToken.None);
        // Unbounded, the schedule is over at once; bounded, it sleeps again when every partition is covered.
        await Task.WhenAny(schedule.ExecuteTask!, time.SecondDelay);
        Assert.Equal(covered, _folder.Journal.SnapshotOffset(2));
        Assert.Equal(bounded ? [] : [2], _folder.Journal.Uncovered());
        await schedule.StopAsync(CancellationToken.None);
    }

    /// <summary>The first delay is over at once, the second one never.</summary>
    private sealed class OneDelay : TimeProvider
    {
        private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _delays;

        public Task SecondDelay => _second.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (_delays++ == 0) return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            _second.SetResult();
            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
