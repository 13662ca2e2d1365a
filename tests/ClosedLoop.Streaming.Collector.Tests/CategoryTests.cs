using System.Net;

namespace ClosedLoop.Streaming.Collector.Tests;

public class CategoryTests
{
    [Fact]
    public async Task A_category_says_what_an_event_is_about_unless_its_items_do()
    {
        await using var door = TestDoor.Open();
        Assert.Equal(HttpStatusCode.Accepted, (await door.EventsAsync("""
            [{"event":"page_view","visitor_id":"a","url":"https://shop.example/tents","category":"tents"},
             {"event":"looked at","visitor_id":"b","properties":{"category":"stoves"}},
             {"event":"add_to_cart","visitor_id":"c","properties":{"category":"camp","items":[{"category":"maps","price":1}]}},
             {"event":"odd","visitor_id":"d","properties":{"category":["x"]}}]
            """)).StatusCode);
        var records = (await door.RecordsAsync()).OrderBy(r => r.Key, StringComparer.Ordinal).ToList();
        Assert.Equal(["tents", "stoves", "maps", null], records.Select(r => r[Field.Categories]));
        Assert.Equal("tents", records[0].Json(Field.Properties).GetProperty("category").GetString());
    }
}
