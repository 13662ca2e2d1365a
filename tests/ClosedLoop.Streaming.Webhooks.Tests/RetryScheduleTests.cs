using ClosedLoop.Streaming.Events;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Webhooks.Tests;

public class RetryScheduleTests
{
    [Fact]
    public void Ten_attempts_with_the_delays_of_the_standard() => Assert.Equal(
        [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
        Enumerable.Range(0, RetrySchedule.AttemptsMax).Select(attempt => (int)RetrySchedule.Delay(attempt).TotalSeconds));

    [Fact]
    public void Every_delay_is_at_least_the_schedules_and_at_most_a_tenth_more() =>
        Prop.ForAll<ulong, ulong, byte>((high, low, n) =>
        {
            var attempts = 1 + n % (RetrySchedule.AttemptsMax - 1);
            var delay = RetrySchedule.NextMs(attempts, 1_000_000, 0, new Id(high, low))!.Value - 1_000_000;
            var planned = RetrySchedule.Delay(attempts).TotalMilliseconds;
            return delay >= planned && delay <= planned * (1 + RetrySchedule.JitterMax);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Jitter_spreads_messages_that_failed_together()
    {
        var times = Enumerable.Range(0, 1_000).Select(i => RetrySchedule.NextMs(2, 0, 0, Id.OfBytes(BitConverter.GetBytes(i)))!.Value).ToArray();
        var perSecond = times.GroupBy(t => t / 1_000).ToArray();
        Assert.InRange(perSecond.Length, 29, 31);
        Assert.All(perSecond, second => Assert.InRange(second.Count(), 1, 80));
    }

    [Fact]
    public void After_the_last_attempt_there_is_none() => Assert.Null(RetrySchedule.NextMs(RetrySchedule.AttemptsMax, 0, 0, Id.None));

    [Fact]
    public void Never_before_what_the_receiver_asked_for() => Prop.ForAll<PositiveInt, byte>((asked, n) =>
    {
        var attempts = 1 + n % (RetrySchedule.AttemptsMax - 1);
        return RetrySchedule.NextMs(attempts, 0, asked.Get, Id.None) >= asked.Get;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("0", 0), InlineData("7", 7_000), InlineData(" 7 ", 7_000), InlineData("3600", 3_600_000), InlineData("99999", 3_600_000)]
    [InlineData("99999999999999999999999999", 3_600_000), InlineData("-5", 0), InlineData("1.5", 0), InlineData("soon", 0), InlineData("", 0), InlineData(null, 0)]
    [InlineData("Sat, 21 Nov 2026 10:01:00 GMT", 60_000), InlineData("Sat, 21 Nov 2026 09:00:00 GMT", 0), InlineData("Sun, 21 Nov 2027 09:00:00 GMT", 3_600_000)]
    public void Retry_after_is_seconds_or_a_date_and_bounded(string? header, long ms) => Assert.Equal(
        ms, RetryAfter.Milliseconds(header, new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(1)));

    [Fact]
    public void An_endpoint_that_keeps_saying_too_much_is_slowed_down_to_five_minutes_and_no_more()
    {
        long now = 1_000_000;
        var delays = new List<long>();
        var slow = Slowdown.None;
        for (var i = 0; i < 12; i++)
        {
            slow = slow.Again(now, 0);
            delays.Add((slow.UntilMs - now) / 1_000);
            now = slow.UntilMs;
        }
        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300], delays);
    }

    [Fact]
    public void Answers_that_were_under_way_together_slow_it_down_once()
    {
        var slow = Slowdown.None.Again(0, 0).Again(10, 0).Again(20, 0);
        Assert.Equal(new Slowdown(1_000, 1), slow);
        Assert.Equal(5_020, slow.Again(20, 5_000).UntilMs);
    }
}
