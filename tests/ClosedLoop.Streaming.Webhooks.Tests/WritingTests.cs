namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>When the file is written, and what happens when it can't be.</summary>
public class WritingTests
{
    [Fact]
    public async Task A_slow_delivery_holds_the_position_only_until_it_is_in_the_file()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        var hang = new TaskCompletionSource<AttemptResult>();
        messenger.Sender.Answer = sent => sent.Person == "slow" ? hang.Task : Task.FromResult(ScriptedSender.Ok);
        await messenger.FactAsync(Facts.Entered("p", 1));
        await messenger.FactAsync(Facts.Entered("slow", 1));
        await messenger.FactAsync(Facts.Entered("p", 2));
        await messenger.WriteAsync(everything: false);
        Assert.Equal(1, messenger.Position);
        messenger.Time.Advance(messenger.Options.WriteEvery);
        await messenger.WriteAsync(everything: false);
        Assert.Equal(3, messenger.Position);
        messenger.Crash();
        messenger.Sender.Sent.Clear();
        await messenger.StartAsync();
        Assert.Equal("slow", Assert.Single(messenger.Sender.Sent).Person);
    }

    [Fact]
    public async Task It_succeeds_while_its_row_is_written_and_the_row_goes_again()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        var hang = new TaskCompletionSource<AttemptResult>();
        messenger.Sender.Answer = _ => hang.Task;
        await messenger.FactAsync(Facts.Entered("p", 1));
        await messenger.WriteAsync();
        hang.SetResult(ScriptedSender.Ok);
        await messenger.WriteAsync();
        messenger.Crash();
        await messenger.StartAsync();
        Assert.Single(messenger.Sender.Sent);
        Assert.Equal(0, messenger.Deliveries.Status("a").Waiting);
    }

    [Fact]
    public async Task While_the_disk_is_full_the_position_stands_and_nothing_is_lost()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        messenger.Sender.Answer = _ => Task.FromResult(ScriptedSender.Status(500));
        for (var i = 0; i < 10; i++) await messenger.FactAsync(Facts.Entered($"p{i}", 1));
        messenger.File.UnitsLeft = 0;
        Assert.False(await messenger.WriteAsync());
        Assert.Equal(0, messenger.Position);
        messenger.File.UnitsLeft = -1;
        Assert.True(await messenger.WriteAsync());
        Assert.Equal(10, messenger.Position);
        messenger.Crash();
        await messenger.StartAsync();
        Assert.Equal(10, messenger.Deliveries.Status("a").Waiting);
        messenger.Time.Advance(TimeSpan.FromDays(5));
        Assert.Equal(10 * RetrySchedule.AttemptsMax, messenger.Sender.Sent.Count);
    }

    [Fact]
    public async Task A_batch_that_failed_half_way_is_written_again_without_doubling()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        messenger.Sender.Answer = _ => Task.FromResult(ScriptedSender.Status(500));
        for (var i = 0; i < 600; i++) await messenger.FactAsync(Facts.Entered($"p{i}", 1));
        messenger.File.UnitsLeft = 2;
        Assert.False(await messenger.WriteAsync());
        messenger.Crash();
        messenger.File.UnitsLeft = -1;
        messenger.Sender.Answer = _ => Task.FromResult(ScriptedSender.Ok);
        await messenger.StartAsync();
        messenger.Time.Advance(TimeSpan.FromMinutes(1));
        await messenger.WriteAsync();
        Assert.Equal(600, messenger.Position);
        Assert.Equal(0, messenger.Load.Open);
        Assert.Equal(600, messenger.Sender.Sent.Skip(600).Select(s => s.Id).Distinct().Count());
    }
}
