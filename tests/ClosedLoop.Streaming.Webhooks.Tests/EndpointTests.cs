namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>An endpoint that is gone, slow, paused, deleted.</summary>
public class EndpointTests
{
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
}
