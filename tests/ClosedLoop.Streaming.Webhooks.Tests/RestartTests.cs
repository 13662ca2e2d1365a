namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>What a stop or a crash leaves.</summary>
public class RestartTests
{
    [Fact]
    public async Task A_crash_before_anything_was_written_repeats_with_the_same_ids()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        for (var i = 0; i < 3; i++) await messenger.FactAsync(Facts.Entered("p", i));
        var before = messenger.Sender.Sent.Select(s => s.Id).ToArray();
        messenger.Crash();
        messenger.Sender.Sent.Clear();
        await messenger.StartAsync();
        Assert.Equal(before, messenger.Sender.Sent.Select(s => s.Id));
    }

    [Fact]
    public async Task What_succeeded_and_was_written_is_not_repeated()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        await messenger.FactAsync(Facts.Entered("p", 1));
        await messenger.WriteAsync();
        messenger.Crash();
        await messenger.StartAsync();
        Assert.Single(messenger.Sender.Sent);
        Assert.Equal("delivered", Assert.Single(messenger.Deliveries.History("a", 10)).Outcome);
    }

    [Fact]
    public async Task The_schedule_goes_on_where_it_was()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        messenger.Sender.Answer = _ => Task.FromResult(ScriptedSender.Status(500));
        await messenger.FactAsync(Facts.Entered("p", 1));
        await messenger.FactAsync(Facts.Entered("p", 2, "hot"));
        for (var crash = 0; crash < 50; crash++)
        {
            await messenger.WriteAsync();
            messenger.Crash();
            messenger.Time.Advance(TimeSpan.FromHours(1));
            await messenger.StartAsync();
            messenger.Time.Advance(TimeSpan.FromHours(3));
        }
        var first = messenger.Sender.Sent.First().Id;
        Assert.Equal(RetrySchedule.AttemptsMax, messenger.Sender.Sent.Count(s => s.Id == first));
        var ids = messenger.Sender.Sent.Select(s => s.Id).ToArray();
        Assert.All(ids[..RetrySchedule.AttemptsMax], id => Assert.Equal(first, id));
        Assert.Equal(RetrySchedule.AttemptsMax, ids.Skip(RetrySchedule.AttemptsMax).Count());
        await messenger.WriteAsync();
        Assert.Equal(2, messenger.Deliveries.DeadLetters("a", 0, 10).Count);
        Assert.Equal(0, messenger.Deliveries.Status("a").Waiting);
    }

    [Fact]
    public async Task Attempts_are_made_no_earlier_than_planned_after_a_restart()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        messenger.Sender.Answer = _ => Task.FromResult(ScriptedSender.Status(500));
        await messenger.FactAsync(Facts.Entered("p", 1));
        messenger.Time.Advance(TimeSpan.FromSeconds(10));
        await messenger.WriteAsync();
        messenger.Crash();
        await messenger.StartAsync();
        Assert.Equal(2, messenger.Sender.Sent.Count);
        messenger.Time.Advance(TimeSpan.FromMinutes(4.8));
        Assert.Equal(2, messenger.Sender.Sent.Count);
        messenger.Time.Advance(TimeSpan.FromMinutes(0.8));
        Assert.Equal(3, messenger.Sender.Sent.Count);
    }

    [Fact]
    public async Task Rows_of_an_endpoint_that_the_settings_do_not_name_yet_wait_for_it()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a", e => e with { Paused = true }));
        await messenger.FactAsync(Facts.Entered("p", 1));
        await messenger.WriteAsync();
        var endpoint = messenger.Settings.Current.Webhooks["a"];
        messenger.Crash();
        messenger.Settings.Remove("a");
        await messenger.StartAsync();
        await messenger.WriteAsync();
        messenger.Settings.Endpoint("a", _ => endpoint with { Paused = false, Version = 5 });
        Assert.Single(messenger.Sender.Sent);
    }
}
