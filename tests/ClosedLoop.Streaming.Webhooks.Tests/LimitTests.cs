namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>What is bounded, and that nobody delays the others; by logic, not by timing.</summary>
public class LimitTests
{
    [Fact]
    public async Task More_than_may_wait_are_given_up_with_a_record_and_can_be_replayed()
    {
        await using var messenger = await Messenger.StartAsync(
            new WebhooksOptions { PendingPerEndpointMax = 3 }, m => m.Settings.Endpoint("a", e => e with { Paused = true }));
        for (var i = 0; i < 5; i++) await messenger.FactAsync(Facts.Entered($"p{i}", 1));
        await messenger.WriteAsync();
        Assert.Equal(["overflow", "overflow"], messenger.Deliveries.DeadLetters("a", 0, 10).Select(d => d.Reason));
        Assert.Equal(5, messenger.Position);
        messenger.Settings.Change("a", e => e with { Paused = false });
        Assert.Equal(2, await messenger.Deliveries.ReplayAsync("a", 0, null, default));
        Assert.Equal(5, messenger.Sender.Sent.Select(s => s.Person).Distinct().Count());
    }

    [Fact]
    public async Task A_hanging_endpoint_holds_its_own_places_and_no_others()
    {
        var options = new WebhooksOptions { PerEndpointMax = 8, PerFailingEndpointMax = 2, SharedMax = 4 };
        await using var messenger = await Messenger.StartAsync(options, m => { m.Settings.Endpoint("a"); m.Settings.Endpoint("b"); m.Settings.Endpoint("c"); });
        var hang = new TaskCompletionSource<AttemptResult>();
        messenger.Sender.Answer = sent => sent.Host == "c.example" ? Task.FromResult(ScriptedSender.Ok) : hang.Task;
        for (var i = 0; i < 50; i++) await messenger.FactAsync(Facts.Entered($"p{i}", 1));
        // Two hang with their own place each and all that is shared; the healthy one has had everything.
        Assert.Equal(options.SharedMax + 2, messenger.Deliveries.Status("a").UnderWay + messenger.Deliveries.Status("b").UnderWay);
        Assert.Equal(50, messenger.Sender.Sent.Count(s => s.Host == "c.example"));
        Assert.Equal(0, messenger.Deliveries.Status("c").Waiting);
    }

    [Fact]
    public async Task An_endpoint_that_only_fails_gets_fewer_places()
    {
        await using var messenger = await Messenger.StartAsync(new WebhooksOptions { PerEndpointMax = 8, PerFailingEndpointMax = 2 }, m => m.Settings.Endpoint("a"));
        var hang = new TaskCompletionSource<AttemptResult>();
        messenger.Sender.Answer = sent => sent.Person is "p0" or "p1" or "p2" ? Task.FromResult(ScriptedSender.Late) : hang.Task;
        for (var i = 0; i < 20; i++) await messenger.FactAsync(Facts.Entered($"p{i}", 1));
        Assert.Equal(2, messenger.Deliveries.Status("a").UnderWay);
    }

    [Fact]
    public async Task Of_an_erased_person_nothing_waits_and_nothing_dead_is_kept()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        var hang = new TaskCompletionSource<AttemptResult>();
        messenger.Sender.Answer = sent => Task.FromResult(ScriptedSender.Status(500));
        await messenger.FactAsync(Facts.Entered("canary", 1));
        await messenger.FactAsync(Facts.Entered("other", 1));
        messenger.Time.Advance(TimeSpan.FromDays(5));
        await messenger.WriteAsync();
        Assert.Equal(2, messenger.Deliveries.DeadLetters("a", 0, 10).Count);
        await messenger.FactAsync(Facts.Entered("canary", 2));
        await messenger.FactAsync(Facts.Entered("canary", 3, "hot"));
        messenger.Sender.Answer = _ => hang.Task;
        messenger.Time.Advance(TimeSpan.FromSeconds(6));
        await messenger.WriteAsync();
        messenger.Sender.Sent.Clear();

        await messenger.FactAsync(Facts.Erased("canary", 4));
        Assert.Empty(messenger.Sender.Sent);
        messenger.Sender.Answer = _ => Task.FromResult(ScriptedSender.Ok);
        hang.SetResult(ScriptedSender.Status(500));
        Assert.Contains("person.erased", Assert.Single(messenger.Sender.Sent).Text);
        await messenger.WriteAsync();
        Assert.Single(messenger.Deliveries.DeadLetters("a", 0, 10));
        Assert.Equal((0, 0), (messenger.Load.Open, (int)messenger.Load.BodyBytes));
        Assert.Equal(5, messenger.Position);
    }

    [Fact]
    public async Task A_damaged_fact_is_passed_over()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        await messenger.FactAsync(Facts.Entered("p", 1)[..40]);
        await messenger.FactAsync(Facts.Entered("p", 2));
        await messenger.WriteAsync();
        Assert.Single(messenger.Sender.Sent);
        Assert.Equal(2, messenger.Position);
    }
}
