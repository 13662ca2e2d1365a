using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary><c>/v1/segments</c>: rules by name. A changed rule re-judges everybody in the background.</summary>
internal sealed class SegmentsApi(
    SettingsStore settings, RulesPublisher publisher, PeopleCount census, Preview preview, LiveStates live, DashboardOptions options,
    TimeProvider time, DashboardTelemetry telemetry) : IDisposable
{
    private readonly SemaphoreSlim _previews = new(options.PreviewsMax);

    public void Map(RouteGroupBuilder routes)
    {
        routes.WithTags("Segments");
        routes.MapGet("", List).Says<SegmentView[]>("listSegments", "All segments in the order in which they are tried, with their members");
        routes.MapGet("/{name}", Get).Says<SegmentView>("getSegment", "One segment");
        routes.MapPut("/{name}", Put).Takes<SegmentBody>().Says<SegmentView>("putSegment",
            "Adds or changes a segment; webhooks tell of what a changed rule moves only with notify").Produces<SegmentView>(201, "application/json");
        routes.MapDelete("/{name}", Remove).SaysNothing("removeSegment", "Removes a segment; its members leave it in the background");
        routes.MapPost("/{name}/preview", Try).Takes<PreviewBody>().Says<PreviewView>("previewSegment",
            "Who would enter and leave if the segment had this rule; nothing is changed");
    }

    private async Task<IResult> List(CancellationToken cancel)
    {
        var now = await census.NowAsync(cancel);
        return ApiJson.Answer(settings.Current.Segments.Values.OrderBy(s => s.Order).ThenBy(s => s.Name, StringComparer.Ordinal).Select(s => SegmentView.Of(s, now)).ToArray());
    }

    private async Task<IResult> Get(string name, CancellationToken cancel) =>
        ApiJson.Answer(SegmentView.Of(Find(settings.Current, name), await census.NowAsync(cancel)));

    private async Task<IResult> Put(HttpContext http, string name)
    {
        SegmentForm.Name(name);
        var given = await Given<SegmentBody>.ReadAsync(http, options);
        var isNew = false;
        await settings.UpdateAsync(now =>
        {
            isNew = !now.Segments.ContainsKey(name);
            return SegmentForm.Change(name, given, now, time.GetUtcNow().ToUnixTimeMilliseconds());
        });
        await PublishAsync();
        return ApiJson.Answer(SegmentView.Of(Find(settings.Current, name), await census.NowAsync(http.RequestAborted)), isNew ? 201 : 200);
    }

    private async Task<IResult> Remove(string name)
    {
        await settings.UpdateAsync(now => new SettingsChange { SegmentRemoved = Find(now, name).Name });
        await PublishAsync();
        return Results.NoContent();
    }

    private async Task<IResult> Try(HttpContext http, string name)
    {
        SegmentForm.Name(name);
        var given = await Given<PreviewBody>.ReadAsync(http, options);
        var body = given.Value;
        var now = settings.Current;
        var old = now.Segments.GetValueOrDefault(name);
        var tried = new SegmentSetting
        {
            Name = name, Rule = body.Rule ?? throw ApiException.Field("rule", "is needed."), Version = 1,
            Group = given.Has("group") ? SegmentForm.Group(body.Group) : old?.Group, Order = SegmentForm.Order(body.Order, old),
        };
        var rules = SegmentForm.Build([.. now.Segments.Values.Where(s => s.Name != name), tried], name, time.GetUtcNow().ToUnixTimeMilliseconds());
        live.MustHaveEverybody();
        if (!await _previews.WaitAsync(0)) throw new ApiException(ApiRefusal.Busy, $"{options.PreviewsMax} previews are under way; try again in a moment.");
        try { return ApiJson.Answer(await preview.RunAsync(rules, name, http.RequestAborted)); }
        finally { _previews.Release(); }
    }

    // Also after a change that changes nothing: a publication that failed before is made good by asking again.
    private Task PublishAsync()
    {
        telemetry.Changed("segment");
        return publisher.PublishAsync(CancellationToken.None);
    }

    private static SegmentSetting Find(SettingsSnapshot now, string name) =>
        now.Segments.TryGetValue(name, out var segment) ? segment : throw new ApiException(ApiRefusal.UnknownSegment, $"There is no segment '{JsonText.Short(name)}'.");

    public void Dispose() => _previews.Dispose();
}
