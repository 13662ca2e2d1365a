using System.Security.Cryptography;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary><c>/v1/webhooks</c>: who hears of changes. Secrets are shown when they are made and never again.</summary>
internal sealed class WebhooksApi(
    SettingsStore settings, IWebhookDeliveries deliveries, Keyring keyring, DashboardOptions options, TimeProvider time, DashboardTelemetry telemetry)
{
    private const int IdBytes = 9;

    public void Map(RouteGroupBuilder routes)
    {
        routes.WithTags("Webhooks");
        routes.MapGet("", List).Says<WebhookView[]>("listWebhooks", "All endpoints");
        routes.MapGet("/{id}", Get).Says<WebhookView>("getWebhook", "One endpoint");
        routes.MapPost("", (Delegate)Create).Takes<WebhookBody>().Says<WebhookView>("createWebhook", "Adds an endpoint and shows its secret, once", 201);
        routes.MapPatch("/{id}", Change).Takes<WebhookBody>().Says<WebhookView>("changeWebhook", "Changes the named fields, pauses, or rotates the secret");
        routes.MapDelete("/{id}", Remove).SaysNothing("removeWebhook", "Removes an endpoint with everything that waits for it");
    }

    private IResult List() => ApiJson.Answer(settings.Current.Webhooks.Values.OrderBy(w => w.CreatedMs).ThenBy(w => w.Id, StringComparer.Ordinal).Select(w => View(w)).ToArray());

    private IResult Get(string id) => ApiJson.Answer(View(Find(settings.Current, id)));

    private async Task<IResult> Create(HttpContext http)
    {
        var given = await Given<WebhookBody>.ReadAsync(http, options);
        await MustBeReachable(given.Value.Url, http.RequestAborted);
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var id = "we_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var secret = WebhookSecret.Create();
        await settings.UpdateAsync(now =>
        {
            if (now.Webhooks.Count >= options.WebhookEndpointsMax)
                throw new ApiException(ApiRefusal.LimitReached, $"There are {now.Webhooks.Count} endpoints; at most {options.WebhookEndpointsMax} are allowed.");
            var empty = new WebhookEndpoint { Id = id, Url = given.Value.Url!, CreatedMs = nowMs };
            return new SettingsChange { Webhook = EndpointForm.WithSecret(EndpointForm.Apply(empty, given, now), secret, keyring, nowMs, 0) };
        });
        telemetry.Changed("webhook");
        http.Response.Headers.Location = "/v1/webhooks/" + id;
        return ApiJson.Answer(View(settings.Current.Webhooks[id], secret), 201);
    }

    private async Task<IResult> Change(HttpContext http, string id)
    {
        var given = await Given<WebhookBody>.ReadAsync(http, options);
        Find(settings.Current, id);
        if (given.Has("url")) await MustBeReachable(given.Value.Url, http.RequestAborted);
        var secret = given.Value.RotateSecret == true ? WebhookSecret.Create() : null;
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        await settings.UpdateAsync(now =>
        {
            var endpoint = EndpointForm.Apply(Find(now, id), given, now);
            if (secret is not null) endpoint = EndpointForm.WithSecret(endpoint, secret, keyring, nowMs, options.SecretOverlapHours * 3_600_000L);
            return new SettingsChange { Webhook = endpoint };
        });
        telemetry.Changed("webhook");
        return ApiJson.Answer(View(Find(settings.Current, id), secret));
    }

    private async Task<IResult> Remove(string id)
    {
        await settings.UpdateAsync(now => new SettingsChange { WebhookRemoved = Find(now, id).Id });
        telemetry.Changed("webhook");
        return Results.NoContent();
    }

    private async Task MustBeReachable(string? url, CancellationToken cancel)
    {
        if (await deliveries.RefusalAsync(url, cancel) is { } reason) throw new ApiException(ApiRefusal.BadUrl, reason);
    }

    public static WebhookEndpoint Find(SettingsSnapshot now, string id) =>
        now.Webhooks.TryGetValue(id, out var endpoint) ? endpoint : throw new ApiException(ApiRefusal.UnknownWebhook, $"There is no webhook '{JsonText.Short(id)}'.");

    private WebhookView View(WebhookEndpoint endpoint, string? secret = null) => WebhookView.Of(endpoint, deliveries.Status(endpoint.Id), secret);
}
