using System.Globalization;
using ClosedLoop.Streaming.Host.Settings;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Warehouse;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClosedLoop.Streaming.Host;

/// <summary>What <c>closedloop verify</c> prints: the account of the log and what the warehouse holds of it.</summary>
internal sealed record VerificationResult(
    long Received, long Stored, long Duplicates, long Refused, long TotalsOnly, long Erased, long Expired, long InFlight, long Difference,
    long? WarehouseEvents, long? WarehouseEventsDistinct, long? WarehouseRefused, IReadOnlyList<string> Wrong)
{
    public bool AddsUp => Wrong.Count == 0;
}

/// <summary>Compares the account at one cut of the log with the rows of the warehouse up to the same cut.</summary>
internal sealed class Verification(IAccounting accounting, ILog log, IWarehouse warehouse, TimeProvider time)
{
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromSeconds(60);

    public async Task<VerificationResult> RunAsync(CancellationToken cancel)
    {
        var account = await accounting.TakeAsync(cancel);
        var wrong = new List<string>();
        if (account.Difference != 0) wrong.Add($"{account.Difference} received hits are neither stored, refused, counted nor on their way.");
        if (!await WaitForWarehouseAsync(account, cancel))
        {
            wrong.Add($"The warehouse has not caught up within {CatchUpMax.TotalSeconds:0} s; run verify again later.");
            return Result(account, null, null, null, wrong);
        }
        var (events, distinct) = await EventsAsync(account, cancel);
        var refused = Number((await warehouse.RowsAsync(new WarehouseQuery("SELECT count() FROM closedloop.refused_hits"), cancel))[0][0].GetString());
        var refusedNow = (await accounting.TakeAsync(cancel)).Refused;
        if (events != account.Stored) wrong.Add($"The warehouse has {events} events where {account.Stored} were stored.");
        if (events != distinct) wrong.Add($"{events - distinct} events are in the warehouse twice.");
        if (refused < account.Refused || refused > refusedNow) wrong.Add($"The warehouse has {refused} refused hits where {account.Refused} were refused.");
        return Result(account, events, distinct, refused, wrong);
    }

    private async Task<bool> WaitForWarehouseAsync(Account account, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        for (var partition = 0; partition < account.FactEnds.Count; partition++)
            while (await log.PositionAsync("warehouse", Topic.Facts, partition, cancel) < account.FactEnds[partition])
            {
                if (time.GetElapsedTime(began) > CatchUpMax) return false;
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancel);
            }
        return true;
    }

    private async Task<(long Events, long Distinct)> EventsAsync(Account account, CancellationToken cancel)
    {
        var cut = string.Join(" OR ", account.FactEnds.Select((_, p) => $"(log_partition = {p} AND log_offset < {{end{p}:UInt64}})"));
        var parameters = account.FactEnds.Select((end, p) => (Name: $"end{p}", Value: end.ToString(CultureInfo.InvariantCulture))).ToDictionary(p => p.Name, p => p.Value);
        var rows = await warehouse.RowsAsync(
            new WarehouseQuery($"SELECT count(), uniqExact(hit_id) FROM closedloop.events WHERE {cut}") { Parameters = parameters }, cancel);
        return (Number(rows[0][0].GetString()), Number(rows[0][1].GetString()));
    }

    private static long Number(string? text) => long.Parse(text!, CultureInfo.InvariantCulture);

    private static VerificationResult Result(Account a, long? events, long? distinct, long? refused, List<string> wrong) =>
        new(a.Received, a.Stored, a.Duplicates, a.Refused, a.TotalsOnly, a.Erased, a.Expired, a.InFlight, a.Difference, events, distinct, refused, wrong);
}

internal static class VerificationRoute
{
    public static void MapVerify(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/verify",
        async (HttpContext context, Verification verification, DataFolder folder) =>
        {
            var header = context.Request.Headers.Authorization.ToString();
            if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || header.Length > 300 || !SiteKeys.Matches(header[7..].Trim(), SiteKeys.Sha256(folder.AdminKey)))
                return Results.Json(new { error = new { code = "unauthorized", message = "verify needs 'Authorization: Bearer' with the admin key." } }, statusCode: 401);
            try
            {
                return Results.Json(await verification.RunAsync(context.RequestAborted), Snake);
            }
            catch (Exception e) when (e is TimeoutException or WarehouseAwayException or LogUnavailableException)
            {
                return Results.Json(new { error = new { code = "try_again", message = e.Message } }, statusCode: 503);
            }
        });

    internal static readonly System.Text.Json.JsonSerializerOptions Snake = new() { PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower };
}
