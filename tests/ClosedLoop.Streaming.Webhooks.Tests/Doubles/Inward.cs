using System.Net;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>Ways to say an address inside, for PROOF W4.</summary>
public static class Inward
{
    /// <summary>Addresses inside, at the first and the last of every range that must not be reached.</summary>
    public static readonly string[] Inner =
    [
        "0.0.0.0", "0.0.0.1", "0.255.255.255", "10.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.100.100.200", "100.127.255.255",
        "127.0.0.0", "127.0.0.1", "127.1.2.3", "127.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.170.2", "169.254.255.255",
        "172.16.0.0", "172.17.0.1", "172.31.255.255", "192.0.0.0", "192.0.0.192", "192.0.0.255", "192.0.2.0", "192.0.2.255", "192.31.196.1",
        "192.52.193.1", "192.88.99.0", "192.88.99.255", "192.168.0.0", "192.168.1.1", "192.168.255.255", "192.175.48.1", "198.18.0.0",
        "198.19.255.255", "198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255", "224.0.0.0", "224.0.0.1", "239.255.255.255",
        "240.0.0.0", "240.0.0.1", "255.255.255.254", "255.255.255.255",
    ];

    public static readonly string[] Inner6 =
    [
        "::", "::1", "::2", "::ffff:8.8.8.8", "::8.8.8.8", "::ffff:0:8.8.8.8", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "64:ff9b:1:ffff::1", "100::1",
        "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1", "2001:1ff::1", "2001:db8::1",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2002::1", "2002:7f00:1::", "2002:a00:1::1", "2620:4f:8000::1", "3ffe::1", "3fff::1",
        "3fff:fff::1", "4000::1", "5f00::1", "8000::1", "fc00::1", "fd00::1", "fd00:ec2::254", "fdff:ffff::1", "fe00::1", "fe80::1", "febf::1",
        "fec0::1", "feff::1", "ff00::1", "ff02::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "1::1", "400::1", "1fff::1",
    ];

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
            yield return $"https://user:p@{text}/";
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
}
