namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>When a hit without a key happened; minutes from the collector's now.</summary>
public class TimeTests
{
    private const long Minute = 60_000, Hour = 60 * Minute;

    public static TheoryData<long?, long?, long?, long, bool> Rows => new()
    {
        // created, sent, true time → occurred, replaced; all as ms from now
        { null, null, null, 0, false },
        { -2 * Hour, -Hour, null, -Hour, false },
        { -2 * Hour, null, null, 0, false },
        { null, -Hour, null, 0, false },
        // A device whose clock is a year ahead: only the difference counts.
        { 8760 * Hour, 8760 * Hour + 5 * Minute, null, -5 * Minute, false },
        { -72 * Hour, 0, null, -72 * Hour, false },
        { -72 * Hour - 1, 0, null, 0, true },
        { 5 * Minute, 0, null, 5 * Minute, false },
        { 5 * Minute + 1, 0, null, 0, true },
        { null, null, -Hour, -Hour, false },
        { -Hour, 0, -2 * Hour, -2 * Hour, false },
        { null, null, -73 * Hour, 0, true },
        { null, null, 6 * Minute, 0, true },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_time_without_a_key_is_believed_for_72_hours(long? created, long? sent, long? trueTime, long occurred, bool replaced)
    {
        await using var door = TestDoor.Open();
        var now = door.Clock.NowMs;
        await door.GetAsync($"/i?dtm={now + created}&stm={now + sent}&ttm={now + trueTime}");
        var hit = await door.OnlyRecordAsync();
        Assert.Equal((occurred, replaced), (hit.OccurredMs - now, hit.Flags.HasFlag(EventFlags.TimeReplaced)));
        Assert.Equal(now, hit.TimeMs);
        if (created is not null) Assert.Equal(now + created, hit.Int(Field.CreatedMs));
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("-5")]
    [InlineData("0")]
    [InlineData("99999999999999999999999999")]
    [InlineData("1763720000000.5")]
    public async Task What_is_no_time_is_replaced(string text)
    {
        await using var door = TestDoor.Open();
        await door.GetAsync("/i?ttm=" + text);
        var hit = await door.OnlyRecordAsync();
        Assert.Equal((door.Clock.NowMs, EventFlags.TimeReplaced), (hit.OccurredMs, hit.Flags & EventFlags.TimeReplaced));
    }
}
