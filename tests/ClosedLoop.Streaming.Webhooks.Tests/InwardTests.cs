using System.Net;
using static ClosedLoop.Streaming.Webhooks.Tests.Inward;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>PROOF W4: none of these is ever connected to, whether it is created, tested or delivered to.</summary>
public class InwardTests
{
    private static readonly AddressGuard Guard = new([]);

    [Fact]
    public void The_corpus_is_large_enough() => Assert.InRange(Corpus().Distinct().Count(), 700, 2_000);

    [Fact]
    public void Nothing_of_the_corpus_can_be_registered() => Assert.All(Corpus(), url =>
    {
        Assert.False(WebhookUrl.TryParse(url, Guard, out _, out var reason), url);
        Assert.NotEmpty(reason);
    });

    [Theory]
    [InlineData("https://hooks.example.com/a/b?c=d"), InlineData("http://example.com:8080/"), InlineData("https://93.184.216.34/"), InlineData("HTTPS://Example.COM")]
    [InlineData("https://[2606:4700:4700::1111]/"), InlineData("https://xn--bcher-kva.example/"), InlineData("https://1password.example/"), InlineData("https://example.com./x")]
    [InlineData("https://hooks.example.com/services/T0/B0/x%2Fy#part"), InlineData("https://3com/")]
    public void Ordinary_addresses_can(string url) => Assert.True(WebhookUrl.TryParse(url, Guard, out _, out var reason), reason);

    [Fact]
    public async Task Nothing_of_the_corpus_is_connected_to_even_past_the_first_check()
    {
        var connector = new GuardedConnector(Guard, new ScriptedResolver(_ => throw new System.Net.Sockets.SocketException()));
        using var sender = new HttpAttemptSender(new WebhooksOptions(), connector, TimeProvider.System);
        var tried = 0;
        // 1.1 is a public address in another spelling: not to be registered, and no business of a test to call.
        foreach (var text in Corpus().Except(["http://1.1/"]))
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) continue;
            var result = await sender.SendAsync(url, "msg_1", "{}"u8.ToArray(), [new byte[32]], default);
            Assert.True(result.End is AttemptEnd.Refused or AttemptEnd.Unresolved || url.HostNameType == UriHostNameType.Dns || url.Host == "", $"{text}: {result}");
            tried++;
        }
        Assert.InRange(tried, 400, 2_000);
    }

    [Fact]
    public async Task Names_that_lead_inward_are_refused_at_creation_and_by_whatever_sends()
    {
        var inward = IPAddress.None;
        // One public address beside it doesn't help: all answers have to be good.
        IPAddress[] Answer(string name) => name.StartsWith("both", StringComparison.Ordinal) ? [IPAddress.Parse("93.184.216.34"), inward] : [inward];
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Names = Answer);
        using var sender = new HttpAttemptSender(messenger.Options, new GuardedConnector(Guard, new ScriptedResolver(Answer)), TimeProvider.System);
        foreach (var address in Inner.Concat(Inner6))
        {
            inward = IPAddress.Parse(address);
            foreach (var url in new[] { "https://inward.example/", "http://both.example:8080/" })
            {
                Assert.NotNull(await messenger.Deliveries.RefusalAsync(url, default));
                Assert.Equal(AttemptEnd.Refused, (await sender.SendAsync(new(url), "msg_1", "{}"u8.ToArray(), [new byte[32]], default)).End);
            }
        }
    }

    [Fact]
    public async Task A_name_without_an_address_now_may_be_registered()
    {
        await using var messenger = await Messenger.StartAsync(prepare: m => m.Names = _ => []);
        Assert.Null(await messenger.Deliveries.RefusalAsync("https://later.example/", default));
    }
}
