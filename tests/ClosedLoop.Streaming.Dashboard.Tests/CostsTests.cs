using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.Dashboard.Tests;

public sealed class CostsTests
{
    [Fact]
    public async Task Good_rows_are_taken_beside_bad_ones()
    {
        await using var system = await TestSystem.StartAsync();
        var answer = await system.JsonAsync("POST", "/v1/costs", """
            [{"site":"demo","date":"2026-11-01","source":"google","medium":"cpc","campaign":"brand","amount":120.5,"currency":"EUR","impressions":1000,"clicks":30},
             {"site":"nowhere","date":"2026-11-01","source":"google","amount":1},
             {"site":"demo","date":"01.11.2026","source":"google","amount":1},
             {"site":"demo","date":"2026-11-01","amount":1},
             {"site":"demo","date":"2026-11-01","source":"google","amount":-1},
             {"site":"demo","date":"2026-11-01","source":"google","amount":"1"},
             {"site":"demo","date":"2026-11-01","source":"google","amount":1,"currency":"USD"},
             {"site":"demo","date":"2026-11-01","source":"google","amount":1,"clicks":1.5},
             {"site":"demo","date":"2026-11-01","source":"google","amount":1,"cost":1},
             {"site":"demo","date":"2099-11-01","source":"google","amount":1},
             7,
             {"site":"G-DEMO","date":"2026-11-02","medium":"email","amount":0}]
            """, 202);
        Assert.Equal(2, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(
        [
            "1 site unknown_site", "2 date bad_date", "3 source field_missing", "4 amount bad_money", "5 amount bad_money", "6 currency currency_without_rate",
            "7 clicks bad_number", "8 cost unknown_field", "9 date date_ahead", "10  not_a_row",
        ], answer.GetProperty("refused").EnumerateArray().Select(r => $"{r.GetProperty("index")} {r.Text("field")} {r.Text("reason")}"));
        var stated = await StatedAsync(system);
        Assert.Equal(2, stated.Count);
        var brand = Assert.Single(stated, r => r.Text(Field.Source) == "google");
        Assert.Equal((120_5000L, 1000L, 30L, "EUR", "demo"), (brand.Int(Field.Amount), brand.Int(Field.Impressions), brand.Int(Field.Clicks), brand.Text(Field.Currency), System.Text.Encoding.UTF8.GetString(brand.Site)));
    }

    [Theory]
    [InlineData("", "bad_json")]
    [InlineData("{", "bad_json")]
    [InlineData("[{\"date\":\"2026-11-01\",\"date\":\"2026-11-02\"}]", "bad_json")]
    public async Task What_is_no_json_is_refused_as_a_whole(string body, string code)
    {
        await using var system = await TestSystem.StartAsync();
        Assert.Equal(code, (await system.ErrorAsync("POST", "/v1/costs", body, 400)).Text("code"));
        Assert.Empty(await StatedAsync(system));
    }

    [Fact]
    public async Task Only_the_admin_key_opens_costs()
    {
        await using var system = await TestSystem.StartAsync();
        await system.ErrorAsync("POST", "/v1/costs", "[]", 401, key: null);
        await system.ErrorAsync("POST", "/v1/costs", "[]", 403, system.WriteKey);
        await system.ErrorAsync("GET", "/v1/costs", null, 403, system.ReportKey);
        await system.ErrorAsync("GET", "/v1/costs?from=yesterday", null, 400);
    }

    [Fact]
    public async Task A_thousand_rows_are_taken_and_no_more()
    {
        await using var system = await TestSystem.StartAsync();
        var rows = string.Join(',', Enumerable.Range(0, CostsApi.RowsMax + 1).Select(i => $$"""{"site":"demo","date":"2026-11-01","campaign":"c{{i}}","amount":1}"""));
        var answer = await system.JsonAsync("POST", "/v1/costs", $"[{rows}]", 202);
        Assert.Equal(CostsApi.RowsMax, answer.GetProperty("accepted").GetInt32());
        Assert.Equal("too_many_rows", Assert.Single(answer.GetProperty("refused").EnumerateArray()).Text("reason"));
    }

    [Fact]
    public async Task The_cost_of_a_link_is_stated_under_its_slug_and_follows_its_changes()
    {
        await using var system = await TestSystem.StartAsync();
        var link = await system.JsonAsync("POST", "/v1/links", """
            {"url":"https://shop.example/","site":"demo","slug":"f7","source":"flyer","medium":"print","code":"T7","cost":120.5,"cost_date":"2026-10-01"}
            """, 201);
        Assert.Equal("2026-10-01", link.Text("cost_date"));
        await system.JsonAsync("PATCH", "/v1/links/f7", """{"cost":80}""");
        await system.JsonAsync("PATCH", "/v1/links/f7", """{"cost":null}""");
        var stated = await StatedAsync(system);
        Assert.Equal([120_5000L, 80_0000L, 0L], stated.Select(r => r.Int(Field.Amount)));
        Assert.All(stated, r => Assert.Equal(("f7", "Offline", "flyer"), (r.Text(Field.LinkSlug), r.Text(Field.LinkChannel), r.Text(Field.Source))));
        Assert.Single(stated.Select(r => System.Text.Encoding.UTF8.GetString(r.Key)).Distinct());
        Assert.Equal("bad_field", (await system.ErrorAsync("PATCH", "/v1/links/f7", """{"cost":5,"currency":"USD"}""", 400)).Text("code"));
    }

    private static async Task<List<RecordReader>> StatedAsync(TestSystem system)
    {
        var stated = new List<RecordReader>();
        for (var partition = 0; partition < system.Log.Partitions; partition++)
        {
            if (system.Log.EndOffset(Topic.Hits, partition) == 0) continue;
            foreach (var record in await system.Log.ReadAsync(Topic.Hits, partition, 0, int.MaxValue, CancellationToken.None))
            {
                var reader = new RecordReader();
                if (reader.TryRead(record.ToArray()) && reader.Kind == RecordKind.CostGiven) stated.Add(reader);
            }
        }
        return stated;
    }
}
