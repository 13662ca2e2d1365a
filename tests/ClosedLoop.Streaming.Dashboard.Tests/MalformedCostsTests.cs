using System.Globalization;
using System.Text.Json.Nodes;

namespace ClosedLoop.Streaming.Dashboard.Tests;

/// <summary>Ten thousand spoilt rows of costs: each refused with its reason and position, the good ones beside it accepted.</summary>
public sealed class MalformedCostsTests
{
    private static readonly (string Field, JsonNode? Value, string Reason)[] Spoilt =
    [
        ("date", "2026-13-01", "bad_date"), ("date", "yesterday", "bad_date"), ("date", 20261101, "bad_date"), ("date", "1969-12-31", "bad_date"), ("date", "2199-01-01", "date_ahead"), ("date", null, "field_missing"),
        ("amount", -0.01, "bad_money"), ("amount", "12.50", "bad_money"), ("amount", true, "bad_money"), ("amount", 1e300, "bad_money"), ("amount", 100_000_000_001m, "bad_money"), ("amount", null, "field_missing"),
        ("currency", "eur", "bad_currency"), ("currency", "EURO", "bad_currency"), ("currency", 978, "bad_currency"), ("currency", "PLN", "currency_without_rate"),
        ("clicks", -1, "bad_number"), ("clicks", 0.5, "bad_number"), ("clicks", "3", "bad_number"), ("impressions", 1e18, "bad_number"),
        ("source", 7, "bad_field"), ("medium", new string('m', 201), "bad_field"), ("campaign", "a\u0000b", "bad_field"), ("campaign", new JsonObject(), "bad_field"),
        ("site", "nobody", "unknown_site"), ("site", 1, "unknown_site"), ("kosten", 1, "unknown_field"), ("Date", "2026-11-01", "unknown_field"),
    ];

    [Fact]
    public async Task Each_spoilt_row_is_refused_by_position_field_and_reason_and_the_good_ones_are_taken()
    {
        await using var system = await TestSystem.StartAsync();
        var (rows, expected) = Batch(new Random(20261122));
        var answer = await system.JsonAsync("POST", "/v1/costs", rows.ToJsonString(), 202);
        Assert.Equal(expected, answer.GetProperty("refused").EnumerateArray().Select(r => (r.GetProperty("index").GetInt32(), r.Text("field"), r.Text("reason")!)));
        Assert.All(answer.GetProperty("refused").EnumerateArray(), r => Assert.False(string.IsNullOrEmpty(r.Text("detail"))));
        Assert.Equal(rows.Count - expected.Count, answer.GetProperty("accepted").GetInt32());
    }

    [Fact]
    public void Ten_thousand_of_them()
    {
        var site = new Site { Id = "demo" };
        var form = new CostForm(new SettingsChange { Site = site }.ApplyTo(new SettingsSnapshot()), Rates.None, new DateOnly(2026, 11, 21));
        var dice = new Random(20261123);
        for (var spoilt = 0; spoilt < 10_000;)
        {
            var (rows, expected) = Batch(dice);
            using var document = JsonDocument.Parse(rows.ToJsonString());
            var read = document.RootElement.EnumerateArray().Select((row, i) => form.Read(row, i)).ToList();
            Assert.Equal(expected, read.Where(r => r.Refused is not null).Select(r => (r.Refused!.Index, r.Refused.Field, r.Refused.Reason)));
            Assert.Equal(rows.Count - expected.Count, read.Count(r => r.Row is not null));
            spoilt += expected.Count;
        }
    }

    private static (JsonArray Rows, List<(int, string?, string)> Refused) Batch(Random dice)
    {
        var (rows, refused) = (new JsonArray(), new List<(int, string?, string)>());
        for (var i = 0; i < 1_000; i++)
        {
            var row = new JsonObject
            {
                ["site"] = "demo", ["date"] = string.Create(CultureInfo.InvariantCulture, $"2026-{dice.Next(1, 11):00}-{dice.Next(1, 29):00}"), ["source"] = $"s{dice.Next(50)}", ["medium"] = "cpc",
                ["campaign"] = $"c{dice.Next(50)}", ["amount"] = dice.Next(100_000) / 100m, ["currency"] = "EUR", ["impressions"] = dice.Next(10_000), ["clicks"] = dice.Next(500),
            };
            if (dice.Next(3) > 0)
            {
                var (field, value, reason) = Spoilt[dice.Next(Spoilt.Length)];
                row[field] = value?.DeepClone();
                refused.Add((i, field, reason));
            }
            rows.Add(row);
        }
        return (rows, refused);
    }
}
