using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>The same stories with nothing faked but the receiver.</summary>
public class InstallationTests
{
    private static async Task FactAsync(Installation installation, string person, int number, string segment = "warm")
    {
        var partition = Math.Abs(person.GetHashCode(StringComparison.Ordinal)) % installation.Log.Partitions;
        await installation.Log.AppendAsync(Topic.Facts, partition, Facts.Entered(person, number, segment));
    }

    [Fact]
    public async Task Facts_reach_the_receiver_signed_and_the_position_follows()
    {
        await using var sink = new HttpSink();
        await using var installation = new Installation();
        await installation.StartAsync();
        var secret = await installation.EndpointAsync("a", sink.Url);
        for (var i = 0; i < 50; i++) await FactAsync(installation, $"p{i}", 1);
        await Installation.UntilAsync(() => sink.Requests.Count == 50);
        WebhookSecret.TryParse(secret, out var key);
        Assert.All(sink.Requests, request => Assert.Equal(
            Signature.Of(request.Headers["webhook-id"], long.Parse(request.Headers["webhook-timestamp"]), request.Body, [key]),
            request.Headers["webhook-signature"]));
        Assert.Equal(50, sink.Requests.Select(r => r.Headers["webhook-id"]).Distinct().Count());
        await installation.StopAsync();

        await installation.StartAsync();
        await FactAsync(installation, "last", 1);
        await Installation.UntilAsync(() => sink.Requests.Count > 50);
        await installation.StopAsync();
        Assert.Equal(51, sink.Requests.Count);
    }

    [Fact]
    public async Task What_waits_survives_a_restart_and_is_sent_when_the_receiver_is_back()
    {
        await using var sink = new HttpSink { Answer = HttpSink.Status(500) };
        await using var installation = new Installation();
        await installation.StartAsync();
        await installation.EndpointAsync("a", sink.Url);
        for (var i = 0; i < 20; i++) await FactAsync(installation, $"p{i}", 1);
        await Installation.UntilAsync(() => sink.Requests.Count == 20);
        await installation.StopAsync();
        sink.Answer = HttpSink.Ok;
        await installation.StartAsync();
        Assert.Equal(20, installation.Deliveries.Status("a").Waiting);
        Assert.Equal(20, await installation.Deliveries.ReplayAsync("a", 0, null, default));
        await Installation.UntilAsync(() => installation.Deliveries.Status("a").Waiting == 0);
        Assert.Equal(20, sink.Requests.Select(r => r.Headers["webhook-id"]).Distinct().Count());
        Assert.Equal(20, installation.Deliveries.History("a", 100).Count(r => r.Outcome == "delivered"));
        await installation.StopAsync();
    }

    [Fact]
    public async Task Gone_is_written_into_the_settings()
    {
        await using var sink = new HttpSink { Answer = HttpSink.Status(410) };
        await using var installation = new Installation();
        await installation.StartAsync();
        await installation.EndpointAsync("a", sink.Url);
        await FactAsync(installation, "p", 1);
        await Installation.UntilAsync(() => installation.Settings.Current.Webhooks["a"].Disabled);
        await FactAsync(installation, "q", 1);
        await Installation.UntilAsync(() => installation.Deliveries.History("a", 10).Any(r => r.Outcome == "dropped"));
        Assert.Single(sink.Requests);
        await installation.StopAsync();
    }

    [Fact]
    public async Task The_test_says_what_came_back_even_when_the_endpoint_is_paused()
    {
        await using var sink = new HttpSink();
        await using var installation = new Installation();
        await installation.StartAsync();
        await installation.EndpointAsync("a", sink.Url);
        await installation.Settings.UpdateAsync(now => new() { Webhook = now.Webhooks["a"] with { Paused = true } });
        var good = await installation.Deliveries.TestAsync("a", default);
        Assert.Equal(("success", 200), (good.Outcome, good.Status));
        Assert.Equal(good.Id, Assert.Single(sink.Requests).Headers["webhook-id"]);
        sink.Answer = HttpSink.Status(302, "Location: http://example.com/\r\n");
        Assert.Equal(("status", 302), await installation.Deliveries.TestAsync("a", default) is var bad ? (bad.Outcome, bad.Status) : default);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => installation.Deliveries.TestAsync("b", default));
        Assert.Equal(["failed", "delivered"], installation.Deliveries.History("a", 10).Select(r => r.Outcome));
        await installation.StopAsync();
    }

    [Fact]
    public async Task A_stop_cuts_off_what_hangs_and_loses_nothing()
    {
        await using var sink = new HttpSink { Answer = HttpSink.Hang };
        await using var installation = new Installation();
        await installation.StartAsync();
        await installation.EndpointAsync("a", sink.Url);
        await FactAsync(installation, "p", 1);
        await Installation.UntilAsync(() => !sink.Requests.IsEmpty);
        await installation.StopAsync();
        sink.Answer = HttpSink.Ok;
        await installation.StartAsync();
        await Installation.UntilAsync(() => sink.Requests.Count == 2);
        Assert.Single(sink.Requests.Select(r => r.Headers["webhook-id"]).Distinct());
        await installation.StopAsync();
    }
}
