using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>PROOF W4: none of these is ever connected to, whether it is created, tested or delivered to.</summary>
public class AddressGuardTests
{
    private static readonly AddressGuard Guard = new([]);

    /// <summary>Addresses inside, at the first and the last of every range that must not be reached.</summary>
    private static readonly string[] Inner =
    [
        "0.0.0.0", "0.0.0.1", "0.255.255.255", "10.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.100.100.200", "100.127.255.255",
        "127.0.0.0", "127.0.0.1", "127.1.2.3", "127.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.170.2", "169.254.255.255",
        "172.16.0.0", "172.17.0.1", "172.31.255.255", "192.0.0.0", "192.0.0.192", "192.0.0.255", "192.0.2.0", "192.0.2.255", "192.31.196.1",
        "192.52.193.1", "192.88.99.0", "192.88.99.255", "192.168.0.0", "192.168.1.1", "192.168.255.255", "192.175.48.1", "198.18.0.0",
        "198.19.255.255", "198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255", "224.0.0.0", "224.0.0.1", "239.255.255.255",
        "240.0.0.0", "240.0.0.1", "255.255.255.254", "255.255.255.255",
    ];

    private static readonly string[] Inner6 =
    [
        "::", "::1", "::2", "::ffff:8.8.8.8", "::8.8.8.8", "::ffff:0:8.8.8.8", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "64:ff9b:1:ffff::1", "100::1",
        "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1", "2001:1ff::1", "2001:db8::1",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2002::1", "2002:7f00:1::", "2002:a00:1::1", "2620:4f:8000::1", "3ffe::1", "3fff::1",
        "3fff:fff::1", "4000::1", "5f00::1", "8000::1", "fc00::1", "fd00::1", "fd00:ec2::254", "fdff:ffff::1", "fe00::1", "fe80::1", "febf::1",
        "fec0::1", "feff::1", "ff00::1", "ff02::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "1::1", "400::1", "1fff::1",
    ];

    private static readonly string[] Outer =
    [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "93.184.216.34", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0",
        "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
        "223.255.255.255", "2001:200::1", "2001:4860:4860::8888", "2003::1", "2606:4700:4700::1111", "2a00:1450:4001::1", "3fff:1000::1", "2400::1",
    ];

    [Fact]
    public void Inner_addresses_are_refused() => Assert.All([.. Inner, .. Inner6], text => Assert.NotNull(Guard.Refusal(IPAddress.Parse(text))));

    [Fact]
    public void Their_neighbours_are_not() => Assert.All(Outer, text => Assert.Null(Guard.Refusal(IPAddress.Parse(text))));

    [Fact]
    public void An_address_with_a_scope_is_refused() => Assert.NotNull(Guard.Refusal(IPAddress.Parse("2606:4700:4700::1111%2")));

    [Fact]
    public void What_is_allowed_is_allowed_and_nothing_beside_it()
    {
        var guard = new AddressGuard(["10.1.0.0/16", "fd00:1::/64"]);
        Assert.All(["10.1.0.0", "10.1.255.255", "fd00:1::9", "1.1.1.1"], text => Assert.Null(guard.Refusal(IPAddress.Parse(text))));
        Assert.All(["10.0.255.255", "10.2.0.0", "fd00:2::9", "127.0.0.1", "::ffff:10.1.0.1", "::10.1.0.1"], text => Assert.NotNull(guard.Refusal(IPAddress.Parse(text))));
    }

    [Fact]
    public void No_embedding_of_any_address_passes() => Prop.ForAll<byte, byte, byte>((a, b, c) => Inner.All(text =>
    {
        byte[] v4 = IPAddress.Parse(text).GetAddressBytes();
        byte[] tail = [a, b, c, 1];
        IPAddress[] embedded =
        [
            new([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, .. v4]), new([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. v4]),
            new([0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, .. v4]), new([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. v4]),
            new([0, 0x64, 0xff, 0x9b, 0, 1, 0, 0, 0, 0, 0, 0, .. v4]), new([0x20, 0x02, .. v4, 0, 0, 0, 0, 0, 0, .. tail]),
            new([0x20, 0x01, 0, 0, .. v4, 0, 0, 0, 0, .. tail]),
        ];
        return embedded.All(address => Guard.Refusal(address) is not null);
    })).QuickCheckThrowOnFailure();

    /// <summary>Every spelling of every inner address that some parser takes for one, and other ways to say it.</summary>
    public static IEnumerable<string> Corpus()
    {
        foreach (var text in Inner)
        {
            var b = IPAddress.Parse(text).GetAddressBytes();
            var number = (uint)(b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3]);
            string[] hosts =
            [
                text, $"{number}", $"0x{number:x}", $"0{Convert.ToString(number, 8)}", $"0x{b[0]:x}.0x{b[1]:x}.0x{b[2]:x}.0x{b[3]:x}",
                string.Join('.', b.Select(x => "0" + Convert.ToString(x, 8).PadLeft(3, '0'))), $"{b[0]}.{number & 0xffffff}", $"{b[0]}.{b[1]}.{number & 0xffff}",
                $"[::ffff:{text}]", $"[::{text}]", $"[::ffff:0:{text}]", $"[64:ff9b::{text}]", $"[2002:{b[0]:x2}{b[1]:x2}:{b[2]:x2}{b[3]:x2}::1]", text + ".",
            ];
            foreach (var host in hosts) yield return $"http://{host}/hook";
            yield return $"https://user:pass@{text}/";
            yield return $"https://example.com@{text}/";
            yield return $"http://{text}:22/";
        }
        foreach (var text in Inner6) yield return $"https://[{text}]:8443/";
        string[] others =
        [
            "http://localhost/", "http://LOCALHOST:8080/", "http://a.localhost/", "http://localhost./", "http://127.0.0.1\\@example.com/", "http://①②⑦.⓪.⓪.①/",
            "http://１２７.0.0.1/", "http://127。0。0。1/", "http://%31%32%37.0.0.1/", "http://127.0.0.1%00.example.com/", "file:///etc/passwd", "gopher://127.0.0.1:25/",
            "ftp://example.com/", "javascript:alert(1)", "//example.com/", "http:///", "http:/example.com", "http:example.com", "http://", "", "https://example.com:0/",
            "http://example.com:25/", "http://example.com:6379.1/", "https://example.com:99999/", "http://[::1", "http://[fe80::1%25eth0]/", "http://0/", "http://0x0/",
            "http://1.1/", "http://127.1/", "http://example.com\t.internal/", "http://example.com\r\nHost: x/", "http://exa mple.com/", "https://example.com/\u202e",
            "http://foo.0x7f/", "http://foo.1/", "http://2130706433./", "data:text/html,x", "ws://example.com/", "http://@/", "http://:80/", "http://example.com:-1/",
        ];
        foreach (var other in others) yield return other;
        yield return "https://example.com/" + new string('a', WebhookUrl.CharactersMax);
    }

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
