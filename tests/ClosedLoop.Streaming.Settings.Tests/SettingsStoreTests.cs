using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Settings.Tests;

public class SettingsStoreTests
{
    private readonly MemoryLog _log = new();

    private SettingsStore Store() => new(_log, TimeProvider.System, NullLogger<SettingsStore>.Instance);

    [Fact]
    public async Task A_change_is_in_the_snapshot_and_in_every_later_reader()
    {
        using var store = Store();
        SettingsSnapshot? told = null;
        store.Changed += snapshot => told = snapshot;
        await store.UpdateAsync(_ => new SettingsChange { Site = new Site { Id = "shop", Aliases = ["G-1"] } });
        Assert.Equal("shop", store.Current.SitesByName["G-1"].Id);
        Assert.Same(store.Current, told);

        using var later = Store();
        await later.LoadAsync(CancellationToken.None);
        Assert.Equal(store.Current.Sites["shop"].Version, later.Current.Sites["shop"].Version);
    }

    [Fact]
    public async Task Versions_count_and_segments_have_their_own()
    {
        using var store = Store();
        await store.UpdateAsync(_ => new SettingsChange { Segment = new SegmentSetting { Name = "a", Rule = "true" } });
        await store.UpdateAsync(_ => new SettingsChange { Site = new Site { Id = "x" } });
        Assert.Equal((2, 1), (store.Current.Version, store.Current.SegmentsVersion));
        await store.UpdateAsync(_ => new SettingsChange { SegmentRemoved = "a" });
        Assert.Empty(store.Current.Segments);
        Assert.Equal(3, store.Current.SegmentsVersion);
    }

    [Fact]
    public async Task A_decision_sees_the_decisions_before_it()
    {
        using var store = Store();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => store.UpdateAsync(now => now.Sites.ContainsKey("one") ? null : new SettingsChange { Site = new Site { Id = "one" } })));
        Assert.Equal(1, store.Current.Version);
    }

    [Fact]
    public async Task A_change_that_is_not_durable_did_not_happen()
    {
        using var store = Store();
        _log.Refusal = new LogUnavailableException("disk_full", "no room");
        await Assert.ThrowsAsync<LogUnavailableException>(() => store.UpdateAsync(_ => new SettingsChange { Site = new Site { Id = "x" } }));
        Assert.Empty(store.Current.Sites);
    }

    [Fact]
    public async Task An_unreadable_record_leaves_what_stood_before()
    {
        using var store = Store();
        await store.UpdateAsync(_ => new SettingsChange { Site = new Site { Id = "x" } });
        await _log.AppendAsync(Topic.Settings, 0, "nonsense"u8.ToArray());
        await store.UpdateAsync(_ => new SettingsChange { Site = new Site { Id = "y" } });
        Assert.Equal(["x", "y"], store.Current.Sites.Keys.Order());
    }

    [Fact]
    public async Task A_follower_hears_of_what_another_process_writes()
    {
        using var writer = Store();
        using var follower = Store();
        using var stop = new CancellationTokenSource();
        var heard = new TaskCompletionSource();
        follower.Changed += _ => heard.TrySetResult();
        var following = follower.FollowAsync(stop.Token);
        await writer.UpdateAsync(_ => new SettingsChange { Link = new Link { Slug = "s", Site = "x", Url = "https://a.example/" } });
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("https://a.example/", follower.Current.Links["s"].Url);
        await stop.CancelAsync();
        // Told between two reads it returns, told within one it is cancelled; either is an end.
        Assert.True(await Record.ExceptionAsync(() => following) is null or OperationCanceledException);
    }
}
