using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>
/// What may be registered as the address of an endpoint, judged without the network. The connection is judged again at each attempt;
/// this says early and in words what is wrong.
/// </summary>
public static class WebhookUrl
{
    public const int CharactersMax = 2_000;

    /// <summary>Ports on which other protocols listen that would take a request for their own (the list that browsers refuse).</summary>
    private static readonly HashSet<int> Ports =
    [
        1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113,
        115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556,
        563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
        6668, 6669, 6679, 6697, 10080,
    ];

    /// <summary>False with a sentence for the user. True says nothing about what the name resolves to.</summary>
    public static bool TryParse(string? text, AddressGuard guard, [NotNullWhen(true)] out Uri? url, out string reason)
    {
        url = null;
        reason = Form(text, out var parsed) ?? Target(parsed!, guard) ?? "";
        if (reason.Length > 0) return false;
        url = parsed!;
        return true;
    }

    private static string? Form(string? text, out Uri? url)
    {
        url = null;
        if (string.IsNullOrEmpty(text)) return "The URL is missing.";
        if (text.Length > CharactersMax) return $"The URL is longer than {CharactersMax} characters.";
        foreach (var c in text)
        {
            if (c is <= ' ' or '\\' or >= '\x7f') return "The URL holds a character that must be escaped; write the host in its xn-- form.";
        }
        var https = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!https && !text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) return "The URL must begin with https:// or http://.";
        if (!Uri.TryCreate(text, UriKind.Absolute, out url)) return "The URL can't be understood.";
        var authority = Authority(text, https ? 8 : 7);
        if (authority.Contains('@') || url.UserInfo.Length > 0) return "The URL must not hold a user name or password.";
        if (url.Host.Length == 0) return "The URL has no host.";
        // Percent signs and other spellings in the host only serve to look like something else.
        if (authority.Contains('%')) return "The host must be written plainly.";
        return SpelledOtherwise(url, authority) ? "The host is an address in another spelling; write it plainly." : null;
    }

    /// <summary>127.1, 0x7f000001, 2130706433, 0177.0.0.1 and the like, which parsers turn into addresses.</summary>
    private static bool SpelledOtherwise(Uri url, string authority)
    {
        if (url.HostNameType == UriHostNameType.IPv6) return false;
        var colon = authority.IndexOf(':');
        var host = (colon < 0 ? authority : authority[..colon]).TrimEnd('.');
        if (url.HostNameType == UriHostNameType.IPv4) return host != url.Host || authority.Contains(".:") || authority.EndsWith('.');
        // A name whose last label is a number is no name: some resolvers read it as an address.
        var last = host[(host.LastIndexOf('.') + 1)..];
        return last.Length == 0 || char.IsAsciiDigit(last[0]) && (last.All(char.IsAsciiDigit) || last.StartsWith("0x", StringComparison.OrdinalIgnoreCase));
    }

    private static string? Target(Uri url, AddressGuard guard)
    {
        if (Ports.Contains(url.Port) || url.Port == 0) return $"Port {url.Port} belongs to another protocol.";
        var host = url.IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(host, out var address))
            return guard.Refusal(address) is { } kind ? $"The address is not public ({kind}); CLOSEDLOOP_WEBHOOK_ALLOW may allow it." : null;
        var local = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        return local && guard.Refusal(IPAddress.Loopback) is not null && guard.Refusal(IPAddress.IPv6Loopback) is not null
            ? "The host is this machine; CLOSEDLOOP_WEBHOOK_ALLOW may allow it." : null;
    }

    private static string Authority(string text, int from)
    {
        var end = text.AsSpan(from).IndexOfAny('/', '?', '#');
        return end < 0 ? text[from..] : text.Substring(from, end);
    }
}
