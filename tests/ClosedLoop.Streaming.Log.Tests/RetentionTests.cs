namespace ClosedLoop.Streaming.Log.Tests;

public sealed class RetentionTests : IDisposable
{
    private readonly LogFolder _folder = new();
    private readonly FakeClock _clock = new();

    public void Dispose() => _folder.Dispose();

    private sealed class Snapshot(long offset) : IRetentionGate
    {
        public long SnapshotOffset(int partition) => offset;
    }

    [Fact]
    public async Task Facts_go_by_age_but_never_past_a_reader()
    {
        using var file = Open();
        var log = new EmbeddedLog(file);
        await FillAsync(log, Topic.Facts, 20);
        await file.Retention.RunAsync();
        Assert.Equal(0, log.StartOffset(Topic.Facts, 0));

        _clock.Now += TimeSpan.FromDays(3);
        await FillAsync(log, Topic.Facts, 5);
        await file.Retention.RunAsync();
        Assert.Equal(0, log.StartOffset(Topic.Facts, 0)); // nobody reads them yet

        await log.CommitPositionAsync("webhooks", Topic.Facts, 0, 12);
        await log.CommitPositionAsync("warehouse", Topic.Facts, 0, 25);
        await file.Retention.RunAsync();
        Assert.Equal(12, log.StartOffset(Topic.Facts, 0));

        await log.CommitPositionAsync("webhooks", Topic.Facts, 0, 25);
        await file.Retention.RunAsync();
        Assert.Equal(20, log.StartOffset(Topic.Facts, 0)); // the last five are young
        Assert.Empty(log.Damages);
    }

    [Fact]
    public async Task Hits_go_only_where_a_base_snapshot_covers_them()
    {
        using var file = Open();
        var log = new EmbeddedLog(file);
        await FillAsync(log, Topic.Hits, 20);
        _clock.Now += TimeSpan.FromDays(3);
        await file.Retention.RunAsync();
        Assert.Equal(0, log.StartOffset(Topic.Hits, 0));
        file.RetentionGate = new Snapshot(7);
        await file.Retention.RunAsync();
        Assert.Equal(7, log.StartOffset(Topic.Hits, 0));
    }

    [Fact]
    public async Task Size_takes_the_oldest_and_freed_pages_are_used_again()
    {
        using var file = Open(o => (o.HitsBytesMax, o.HitsAgeMax) = (4 * 40_000, null));
        file.RetentionGate = new Snapshot(long.MaxValue);
        var log = new EmbeddedLog(file);
        long pages = 0;
        for (var round = 0; round < 8; round++)
        {
            await FillAsync(log, Topic.Hits, 30, 4000);
            await file.Retention.RunAsync();
            Assert.InRange(log.EndOffset(Topic.Hits, 0) - log.StartOffset(Topic.Hits, 0), 9, 11);
            using var reader = file.OpenReader();
            var now = Schema.Scalar(reader, "PRAGMA page_count");
            if (round > 2) Assert.Equal(pages, now);
            pages = now;
        }
    }

    [Fact]
    public async Task Trimmed_lanes_keep_their_place_over_a_restart_even_when_empty()
    {
        using (var file = Open())
        {
            var log = new EmbeddedLog(file);
            await FillAsync(log, Topic.Hits, 10);
            await log.CommitPositionAsync("r", Topic.Hits, 0, 6);
            Assert.Equal(6, await log.TrimAsync(Topic.Hits, 0, 100));
            await log.CommitPositionAsync("r", Topic.Hits, 0, 10);
            Assert.Equal(10, await log.TrimAsync(Topic.Hits, 0, 100));
        }
        using (var file = Open())
        {
            var log = new EmbeddedLog(file);
            Assert.Equal((10L, 10L), (log.StartOffset(Topic.Hits, 0), log.EndOffset(Topic.Hits, 0)));
            await FillAsync(log, Topic.Hits, 1);
            var slice = await log.ReadAsync(Topic.Hits, 0, 3, 1000, default);
            Assert.Equal(10, slice.FirstOffset);
            Assert.Empty(log.Damages);
        }
    }

    [Fact]
    public async Task A_reader_behind_the_start_gets_what_is_left()
    {
        using var file = Open(o => o.TailBytesMax = 0);
        var log = new EmbeddedLog(file);
        await FillAsync(log, Topic.Hits, 10);
        await log.TrimAsync(Topic.Hits, 0, 4);
        Assert.Equal(4, (await log.ReadAsync(Topic.Hits, 0, 0, 1000, default)).FirstOffset);
        Assert.Empty(log.Damages);
    }

    private EmbeddedFile Open(Action<EmbeddedLogOptions>? change = null) => _folder.Open(o =>
    {
        o.RetentionEvery = TimeSpan.FromHours(1);
        (o.HitsAgeMax, o.FactsAgeMax) = (TimeSpan.FromDays(1), TimeSpan.FromDays(1));
        o.TailBytesMax = 0;
        change?.Invoke(o);
    }, clock: _clock);

    // One chunk each, so that the bounds are exact.
    private static async Task FillAsync(EmbeddedLog log, Topic topic, int count, int bytes = 20)
    {
        for (var i = 0; i < count; i++) await log.AppendAsync(topic, 0, new byte[bytes]);
    }
}
