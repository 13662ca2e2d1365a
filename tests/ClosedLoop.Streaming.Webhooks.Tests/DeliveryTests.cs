namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>Stories of one messenger; see <see cref="Messenger"/>.</summary>
public class DeliveryTests
{
    [Fact]
    public async Task A_fact_becomes_a_request_before_anything_is_written()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        var units = messenger.File.Units;
        await messenger.FactAsync(Facts.Entered("p", 1));
        Assert.Single(messenger.Sender.Sent);
        Assert.Equal(units, messenger.File.Units);
        Assert.Equal(0, messenger.Position);
        await messenger.WriteAsync();
        Assert.Equal(1, messenger.Position);
        Assert.Equal(0, messenger.Load.BodyBytes);
    }

    [Fact]
    public async Task Each_endpoint_gets_the_message_with_the_same_id()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => { m.Settings.Endpoint("a"); m.Settings.Endpoint("b"); });
        await messenger.FactAsync(Facts.Entered("p", 1));
        Assert.Equal(["a.example", "b.example"], messenger.Sender.Sent.Select(s => s.Host).Order());
        Assert.Single(messenger.Sender.Sent.Select(s => s.Id).Distinct());
    }

    [Fact]
    public async Task A_failing_delivery_follows_the_whole_schedule_and_becomes_a_dead_letter()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        messenger.Sender.Answer = _ => Task.FromResult(ScriptedSender.Status(500));
        await messenger.FactAsync(Facts.Entered("p", 1));
        messenger.Time.Advance(TimeSpan.FromDays(5));
        var sent = messenger.Sender.Sent.ToArray();
        Assert.Equal(RetrySchedule.AttemptsMax, sent.Length);
        Assert.Single(sent.Select(s => s.Id).Distinct());
        for (var i = 1; i < sent.Length; i++)
            Assert.InRange((sent[i].AtMs - sent[i - 1].AtMs) / RetrySchedule.Delay(i).TotalMilliseconds, 1.0, 1.1);
        await messenger.WriteAsync();
        var dead = Assert.Single(messenger.Deliveries.DeadLetters("a", 0, 10));
        Assert.Equal(("exhausted", 500, 10, sent[0].Id), (dead.Reason, dead.Status, dead.Attempts, dead.Id));
        Assert.Equal(1, messenger.Position);
        Assert.Equal(["dead", .. Enumerable.Repeat("failed", 9)], messenger.Deliveries.History("a", 100).Select(r => r.Outcome));
    }

    [Fact]
    public async Task Later_ones_of_the_person_wait_and_others_do_not()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        var broken = true;
        messenger.Sender.Answer = sent => Task.FromResult(sent.Person == "slow" && broken ? ScriptedSender.Reset : ScriptedSender.Ok);
        await messenger.FactAsync(Facts.Entered("slow", 1));
        await messenger.FactAsync(Facts.Entered("slow", 2, "hot"));
        await messenger.FactAsync(Facts.Left("slow", 3, "hot"));
        for (var i = 0; i < 10; i++) await messenger.FactAsync(Facts.Entered($"p{i}", 1));
        Assert.Equal(11, messenger.Sender.Sent.Count);
        broken = false;
        messenger.Time.Advance(TimeSpan.FromSeconds(6));
        var ofSlow = messenger.Sender.Sent.Where(s => s.Person == "slow").Select(s => s.Text).ToArray();
        Assert.Equal(4, ofSlow.Length);
        Assert.Contains("\"segment\":\"warm\"", ofSlow[1]);
        Assert.Contains("segment.entered", ofSlow[2]);
        Assert.Contains("segment.left", ofSlow[3]);
    }

    [Fact]
    public async Task When_it_is_given_up_the_next_of_the_person_has_its_turn()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        messenger.Sender.Answer = sent => Task.FromResult(sent.Text.Contains("\"warm\"") ? ScriptedSender.Status(400) : ScriptedSender.Ok);
        await messenger.FactAsync(Facts.Entered("p", 1));
        await messenger.FactAsync(Facts.Entered("p", 2, "hot"));
        messenger.Time.Advance(TimeSpan.FromDays(5));
        Assert.Equal(RetrySchedule.AttemptsMax + 1, messenger.Sender.Sent.Count);
        Assert.Contains("\"hot\"", messenger.Sender.Sent.Last().Text);
    }

    [Fact]
    public async Task Gone_disables_the_endpoint_and_what_waits_is_kept_as_dead_letters()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        messenger.Sender.Answer = sent => Task.FromResult(ScriptedSender.Status(sent.Person == "p0" ? 410 : 500));
        await messenger.FactAsync(Facts.Entered("p1", 1));
        await messenger.FactAsync(Facts.Entered("p1", 2, "hot"));
        await messenger.FactAsync(Facts.Entered("p0", 1));
        Assert.True(messenger.Settings.Current.Webhooks["a"].Disabled);
        await messenger.FactAsync(Facts.Entered("p2", 1));
        messenger.Time.Advance(TimeSpan.FromDays(5));
        Assert.Equal(2, messenger.Sender.Sent.Count);
        await messenger.WriteAsync();
        Assert.Equal(["disabled", "disabled", "gone"], messenger.Deliveries.DeadLetters("a", 0, 10).Select(d => d.Reason).Order());
        Assert.Equal("dropped", messenger.Deliveries.History("a", 10)[0].Outcome);
        Assert.Equal(4, messenger.Position);

        messenger.Sender.Answer = _ => Task.FromResult(ScriptedSender.Ok);
        messenger.Settings.Change("a", e => e with { Disabled = false });
        Assert.Equal(3, await messenger.Deliveries.ReplayAsync("a", 0, null, default));
        Assert.Equal(["p1", "p1", "p0"], messenger.Sender.Sent.Skip(2).Select(s => s.Person).OrderDescending());
        Assert.Empty(messenger.Deliveries.DeadLetters("a", 0, 10));
    }

    [Theory]
    [InlineData(429), InlineData(502), InlineData(503), InlineData(504)]
    public async Task Too_much_slows_down_the_whole_endpoint_and_success_ends_it(int status)
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => { m.Settings.Endpoint("a"); m.Settings.Endpoint("b"); });
        messenger.Sender.Answer = sent => Task.FromResult(sent.Host == "a.example" ? ScriptedSender.Status(status, 20_000) : ScriptedSender.Ok);
        for (var i = 0; i < 5; i++) await messenger.FactAsync(Facts.Entered($"p{i}", 1));
        Assert.Single(messenger.Sender.Sent, s => s.Host == "a.example");
        Assert.Equal(5, messenger.Sender.Sent.Count(s => s.Host == "b.example"));
        messenger.Time.Advance(TimeSpan.FromSeconds(19.9));
        Assert.Equal(6, messenger.Sender.Sent.Count);
        messenger.Sender.Answer = _ => Task.FromResult(ScriptedSender.Ok);
        messenger.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(11, messenger.Sender.Sent.Count);
        Assert.Equal(0, messenger.Deliveries.Status("a").Waiting);
    }

    [Fact]
    public async Task A_paused_endpoint_keeps_its_deliveries_and_sends_them_when_it_goes_on()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a", e => e with { Paused = true }));
        for (var i = 0; i < 3; i++) await messenger.FactAsync(Facts.Entered("p", i, $"s{i}"));
        await messenger.WriteAsync();
        Assert.Empty(messenger.Sender.Sent);
        Assert.Equal(3, messenger.Position);
        messenger.Settings.Change("a", e => e with { Paused = false });
        Assert.Equal(["s0", "s1", "s2"], messenger.Sender.Sent.Select(s => s.Text.Split("\"segment\":\"")[1][..2]));
    }

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
    public async Task A_deleted_endpoint_leaves_nothing_behind()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Settings.Endpoint("a"));
        messenger.Sender.Answer = _ => Task.FromResult(ScriptedSender.Status(500));
        for (var i = 0; i < 5; i++) await messenger.FactAsync(Facts.Entered($"p{i}", 1));
        await messenger.WriteAsync();
        messenger.Settings.Remove("a");
        await messenger.WriteAsync();
        messenger.Time.Advance(TimeSpan.FromDays(5));
        Assert.Equal(5, messenger.Sender.Sent.Count);
        Assert.Equal(0, messenger.Load.Open);
        Assert.Empty(messenger.Deliveries.History("a", 10));
        Assert.Equal(5, messenger.Position);
        using var reader = messenger.File.OpenReader();
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT (SELECT count(*) FROM webhook_pending) + (SELECT count(*) FROM webhook_dead) + (SELECT count(*) FROM webhook_history)";
        Assert.Equal(0L, command.ExecuteScalar());
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
