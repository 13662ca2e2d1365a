using System.ComponentModel;
using System.Globalization;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>What became of an endpoint's messages; a test; sending again what was given up.</summary>
internal sealed class DeliveriesApi(ISettings settings, IWebhookDeliveries deliveries, DashboardOptions options)
{
    private const int ShownMax = 1_000, Shown = 100;

    public void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/{id}/deliveries", List).Says<DeliveriesView>("listDeliveries", "The newest attempts, newest first, and the dead letters, oldest first");
        routes.MapPost("/{id}/test", Test).Says<TestView>("testWebhook", "Sends one signed test message now and says how it went");
        routes.MapPost("/{id}/replay", Replay).Takes<ReplayBody>().Says<ReplayView>("replayWebhook", "Sends dead letters again, with the ids that they had");
    }

    private IResult List(string id, [Description("At most 1,000; 100 when absent.")] string? limit)
    {
        WebhooksApi.Find(settings.Current, id);
        var max = Checks.Limit("limit", limit, Shown, ShownMax);
        return ApiJson.Answer(new DeliveriesView(id, DeliveryStatus.Of(deliveries.Status(id)),
            [.. deliveries.History(id, max).Select(d => new DeliveryView(d.Id, d.Type, ApiJson.Time(d.AtMs), d.Attempt, d.Status, d.Outcome, Math.Round(d.DurationMs, 3), d.Detail))],
            [.. deliveries.DeadLetters(id, 0, max).Select(d => new DeadLetterView(d.Id, d.Type, ApiJson.Time(d.CreatedMs), ApiJson.Time(d.DiedMs), d.Attempts, d.Status, d.Reason))]));
    }

    private async Task<IResult> Test(HttpContext http, string id)
    {
        WebhooksApi.Find(settings.Current, id);
        try
        {
            var outcome = await deliveries.TestAsync(id, http.RequestAborted);
            return ApiJson.Answer(new TestView(outcome.Id, outcome.Outcome, outcome.Status, Math.Round(outcome.DurationMs, 3), outcome.Detail));
        }
        catch (KeyNotFoundException)
        {
            // Removed a moment ago, or the messenger has not taken it up yet.
            throw new ApiException(ApiRefusal.Unavailable, "The messenger doesn't know this webhook. Try again in a moment.");
        }
    }

    private async Task<IResult> Replay(HttpContext http, string id)
    {
        WebhooksApi.Find(settings.Current, id);
        var body = (await Given<ReplayBody>.ReadAsync(http, options, emptyToo: true)).Value;
        if (body.Ids?.Count > IWebhookDeliveries.ReplayMax) throw ApiException.Field("ids", $"has {body.Ids.Count} entries; at most {IWebhookDeliveries.ReplayMax} are allowed.");
        if (body.Ids?.Any(i => i is null) == true) throw ApiException.Field("ids", "must be a list of texts.");
        return ApiJson.Answer(new ReplayView(await deliveries.ReplayAsync(id, Since(body.Since), body.Ids, http.RequestAborted)));
    }

    private static long Since(string? text)
    {
        if (string.IsNullOrEmpty(text)) return 0;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? Math.Max(0, at.ToUnixTimeMilliseconds()) : throw ApiException.Field("since", "must be a time of ISO 8601.");
    }
}
