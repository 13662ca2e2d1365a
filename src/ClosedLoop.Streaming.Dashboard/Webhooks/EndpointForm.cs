using System.Text;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Webhooks;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Applies what was said of an endpoint; a wrong field refuses all of them. The address was checked before, because that takes time.</summary>
internal static class EndpointForm
{
    public const int ListMax = 256;
    /// <summary>Secrets that sign at once: the newest and those that are running out.</summary>
    public const int SecretsMax = 4;

    public static WebhookEndpoint Apply(WebhookEndpoint endpoint, Given<WebhookBody> given, SettingsSnapshot settings)
    {
        var body = given.Value;
        if (given.Has("url") && body.Url != endpoint.Url) endpoint = endpoint with { Url = body.Url!, Disabled = false };
        if (given.Has("events")) endpoint = endpoint with { Events = Checks.List("events", body.Events, ListMax, (f, v) => Checks.OneOf(f, v, [.. MessageType.All])) };
        if (given.Has("segments")) endpoint = endpoint with { Segments = Checks.List("segments", body.Segments, ListMax, (f, v) => Segment(f, v, settings)) };
        if (given.Has("include")) endpoint = endpoint with { Include = Checks.List("include", body.Include, ListMax, (f, v) => Checks.OneOf(f, v, "email", "traits")) };
        if (given.Has("first")) endpoint = endpoint with { First = body.First ?? false };
        if (given.Has("history")) endpoint = endpoint with { History = body.History ?? false };
        if (given.Has("paused")) endpoint = endpoint with { Paused = body.Paused ?? false };
        if (given.Has("disabled")) endpoint = endpoint with { Disabled = body.Disabled ?? false };
        if (given.Has("site")) endpoint = endpoint with { Site = string.IsNullOrEmpty(body.Site) ? null : Checks.Site(settings, body.Site).Id };
        return endpoint;
    }

    /// <summary>With a new secret first; the ones before it run out together.</summary>
    public static WebhookEndpoint WithSecret(WebhookEndpoint endpoint, string secret, Keyring keyring, long nowMs, long overlapMs)
    {
        var older = endpoint.Secrets.Where(s => s.EndsMs == 0 || s.EndsMs > nowMs)
            .Select(s => s with { EndsMs = s.EndsMs == 0 ? nowMs + overlapMs : s.EndsMs }).Where(s => s.EndsMs > nowMs);
        return endpoint with { Secrets = [new SealedSecret(keyring.Seal(Encoding.UTF8.GetBytes(secret)), 0), .. older.Take(SecretsMax - 1)] };
    }

    private static string Segment(string field, string name, SettingsSnapshot settings) => settings.Segments.ContainsKey(name) ? name
        : throw ApiException.Field(field, $"names no segment; there are {string.Join(", ", settings.Segments.Keys.Order(StringComparer.Ordinal).Take(50))}.");
}
