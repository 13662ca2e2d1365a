using ClosedLoop.Streaming.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>Money of other currencies at the doors: converted by the rate of its day, what was said stays beside it.</summary>
public sealed class CurrencyTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public CurrencyTests() => File.WriteAllText(_file, "date,currency,rate\n2026-11-18,USD,1.25\n2026-11-21,USD,1.1\n");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task An_event_is_converted_by_the_rate_of_its_own_day()
    {
        await using var door = Open();
        await door.EventsAsync("""
            {"event":"purchase","visitor_id":"v","occurred_at":"2026-11-20T10:00:00Z","properties":{"order_id":"o","revenue":129.90,"discount":10,"currency":"USD",
             "items":[{"price":129.9,"cost":80,"quantity":1}]}}
            """);
        var record = await door.OnlyRecordAsync();
        Assert.Equal(103_9200, record.Int(Field.Revenue));
        Assert.Equal(8_0000, record.Int(Field.Discount));
        Assert.Equal(39_9200, record.Int(Field.GrossProfit));
        Assert.Equal("EUR", record[Field.Currency]);
        Assert.Equal("USD", record[Field.OriginalCurrency]);
        Assert.Equal(129_9000, record.Int(Field.OriginalAmount));
        Assert.Equal(800_000_000, record.Int(Field.Rate));
    }

    [Fact]
    public async Task Money_of_the_site_carries_no_rate()
    {
        await using var door = Open();
        await door.EventsAsync("""{"event":"purchase","visitor_id":"v","properties":{"order_id":"o","revenue":129.99,"currency":"EUR"}}""");
        var record = await door.OnlyRecordAsync();
        Assert.Equal(129_9900, record.Int(Field.Revenue));
        Assert.False(record[Field.Rate] is not null || record[Field.OriginalCurrency] is not null);
    }

    [Fact]
    public async Task What_has_no_rate_is_refused_with_day_and_currency_and_the_others_are_taken()
    {
        await using var door = Open();
        var answer = await door.EventsAsync("""
            [{"event":"purchase","visitor_id":"v","occurred_at":"2026-11-10T10:00:00Z","properties":{"order_id":"a","revenue":1,"currency":"USD"}},
             {"event":"purchase","visitor_id":"v","properties":{"order_id":"b","revenue":1,"currency":"USD"}},
             {"event":"purchase","visitor_id":"v","properties":{"order_id":"c","revenue":1,"currency":"PLN"}}]
            """);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("\"accepted\":1", text, StringComparison.Ordinal);
        Assert.Contains("\"index\":0,\"reason\":\"currency_without_rate\",\"detail\":\"There is no rate from USD to EUR for 2026-11-10", text, StringComparison.Ordinal);
        Assert.Contains("\"index\":2,\"reason\":\"currency_without_rate\",\"detail\":\"There is no rate from PLN to EUR for 2026-11-21", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pixel_converts_too_and_says_what_is_missing()
    {
        await using var door = Open();
        await door.GetAsync("/i?aid=demo&e=tr&tr_id=O1&tr_tt=110&tr_cu=USD");
        await door.GetAsync("/i?aid=demo&e=tr&tr_id=O2&tr_tt=110&tr_cu=PLN");
        var records = await door.RecordsAsync();
        var order = Assert.Single(records, r => r.Kind == RecordKind.Event);
        Assert.Equal((100_0000, 110_0000, "USD"), (order.Int(Field.Revenue), order.Int(Field.OriginalAmount), order[Field.OriginalCurrency]));
        var refused = Assert.Single(records, r => r.Kind == RecordKind.Refused);
        Assert.Contains("from PLN to EUR for 2026-11-21", refused[Field.Detail]!, StringComparison.Ordinal);
    }

    private TestDoor Open() => TestDoor.Open(more: services => services.AddRates(new MoneyOptions { RatesFile = _file }));
}
