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
}
