using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>An endpoint as its lane uses it: the address understood, the secrets opened. Immutable, swapped whole.</summary>
internal sealed class Target
{
    private readonly byte[]? _site;
    private readonly (byte[] Key, long EndsMs)[] _secrets;

    public Target(WebhookEndpoint endpoint, AddressGuard guard, Keyring keyring)
    {
        Endpoint = endpoint;
        Email = endpoint.Include.Contains("email");
        _site = endpoint.Site is null ? null : Encoding.UTF8.GetBytes(endpoint.Site);
        Traits = endpoint.Include.Contains("traits");
        Url = WebhookUrl.TryParse(endpoint.Url, guard, out var url, out var refusal) ? url : null;
        _secrets = [.. endpoint.Secrets.Select(secret => (Open(secret.Sealed, keyring), secret.EndsMs)).Where(secret => secret.Item1.Length > 0)];
        Refusal = Url is null ? refusal : _secrets.Length == 0 ? "The endpoint has no secret that can be opened." : null;
    }

    public WebhookEndpoint Endpoint { get; }
    public Uri? Url { get; }
    public bool Email { get; }
    public bool Traits { get; }
    /// <summary>Why nothing can be sent to it at all; null when something can.</summary>
    public string? Refusal { get; }

    /// <summary>Whether the endpoint hears of a site at all: the first and cheapest question.</summary>
    public bool Hears(ReadOnlySpan<byte> site) => _site is null || site.SequenceEqual(_site);

    /// <summary>The secrets in force, newest first; the newest always is.</summary>
    public IReadOnlyList<byte[]> Keys(long nowMs)
    {
        if (_secrets.Length == 1) return [_secrets[0].Key];
        var keys = new List<byte[]>(_secrets.Length);
        for (var i = 0; i < _secrets.Length; i++)
        {
            if (i == 0 || _secrets[i].EndsMs == 0 || _secrets[i].EndsMs > nowMs) keys.Add(_secrets[i].Key);
        }
        return keys;
    }

    private static byte[] Open(string sealedSecret, Keyring keyring)
    {
        try { return WebhookSecret.TryParse(Encoding.UTF8.GetString(keyring.Open(sealedSecret)), out var key) ? key : []; }
        catch (CryptographicException) { return []; }
    }
}
