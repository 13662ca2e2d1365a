using System.Globalization;
using System.Text.Json;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>Orders of a shop's server: history makes no noise, today's order does.</summary>
public sealed class OrdersTests(SharedProgram shared)
{
    [Fact]
    public async Task Two_orders_of_earlier_days_and_one_of_today_make_a_regular_customer()
    {
        var program = await shared.GetAsync();
        await using var sink = await WebhookSink.StartAsync();
        var (endpoint, _) = await sink.RegisterAsync(program, first: true);
        await OrderAsync(program, "regular@mail.example", "R-1", daysAgo: 20);
        await OrderAsync(program, "regular@mail.example", "R-2", daysAgo: 9);
        await InSegmentAsync(program, "regular@mail.example", "active");
        var made = await OrderAsync(program, "regular@mail.example", "R-3", daysAgo: 0);
        Assert.Equal(1, made.GetProperty("accepted").GetInt32());

        var told = await sink.NextAsync(d => d.Text("segment") == "regular", "regular");
        Assert.Equal("segment.entered", told.Type);
        Assert.Equal("active", told.Text("previous"));
        var cause = told.Data.GetProperty("cause");
        Assert.Equal(("event", "purchase"), (cause.GetProperty("kind").GetString(), cause.GetProperty("event").GetString()));
        Assert.NotEmpty(cause.GetProperty("event_id").GetString()!);
        var segment = (await program.DoAsync(HttpMethod.Get, "/v1/segments")).EnumerateArray().Single(s => s.GetProperty("name").GetString() == "regular");
        Assert.Equal(segment.GetProperty("version").GetInt64(), told.Data.GetProperty("rule_version").GetInt64());
        // The measures that the rule asks for.
        Assert.Equal(3, told.Data.GetProperty("measures").GetProperty("purchase_days").GetDouble());
        Assert.Equal(JsonValueKind.Object, told.Data.GetProperty("action").ValueKind);

        // What happened earlier is written down and told to nobody who did not ask for history.
        await program.SettleAsync();
        var rows = await program.RowsAsync($"SELECT segment, history FROM segment_changes WHERE lead_id = '{told.Text("lead_id")}' AND segment_group != '' ORDER BY sequence");
        Assert.Equal(["active 1", "regular 0"], rows.Select(r => string.Join(' ', r)).Where(r => !r.StartsWith("cold", StringComparison.Ordinal)));
        Assert.Equal(["regular"], sink.All.Where(d => d.Text("lead_id") == told.Text("lead_id")).Select(d => d.Text("segment")));
        await program.DoAsync(HttpMethod.Delete, "/v1/webhooks/" + endpoint);
    }

    [Fact]
    public async Task The_first_order_of_today_makes_an_active_customer()
    {
        var program = await shared.GetAsync();
        await using var sink = await WebhookSink.StartAsync();
        var (endpoint, _) = await sink.RegisterAsync(program, first: true);
        await OrderAsync(program, "active@mail.example", "A-1", daysAgo: 0);
        var lead = await InSegmentAsync(program, "active@mail.example", "active");
        Assert.Equal((1, 129.90m, "customer"), (lead.GetProperty("orders").GetInt32(), lead.GetProperty("revenue").GetDecimal(), lead.GetProperty("stage").GetString()));
        var told = await sink.NextAsync(d => d.Text("segment") == "active" && d.Text("lead_id") == lead.GetProperty("lead_id").GetString(), "active");
        Assert.Equal("purchase", told.Data.GetProperty("cause").GetProperty("event").GetString());
        await program.DoAsync(HttpMethod.Delete, "/v1/webhooks/" + endpoint);
    }

    [Fact]
    public async Task The_same_order_twice_is_one()
    {
        var program = await shared.GetAsync();
        await OrderAsync(program, "twice@mail.example", "T-1", daysAgo: 3);
        await OrderAsync(program, "twice@mail.example", "T-1", daysAgo: 3);
        await program.SettleAsync();
        var lead = await InSegmentAsync(program, "twice@mail.example", "active");
        Assert.Equal((1, 129.90m), (lead.GetProperty("orders").GetInt32(), lead.GetProperty("revenue").GetDecimal()));
    }

    private static Task<JsonElement> OrderAsync(RunningProgram program, string email, string order, int daysAgo)
    {
        var at = DateTimeOffset.UtcNow.AddDays(-daysAgo).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return program.DoAsync(HttpMethod.Post, "/v1/events",
            $$$"""{"event":"purchase","site":"demo","occurred_at":"{{{at}}}","lead":{"email":"{{{email}}}"},"properties":{"order_id":"{{{order}}}","revenue":129.90,"currency":"EUR"}}""");
    }

    /// <summary>The live state once it is in the segment.</summary>
    private static async Task<JsonElement> InSegmentAsync(RunningProgram program, string email, string segment)
    {
        object? last = null;
        return (JsonElement)await Soon.FindAsync<object>(async () =>
        {
            last = await program.FindAsync("/v1/leads?email=" + Uri.EscapeDataString(email));
            return last is JsonElement lead && lead.GetProperty("segments").EnumerateArray().Any(s => s.GetProperty("name").GetString() == segment) ? last : null;
        }, () => $"{email} in {segment}: {last}");
    }
}
