using System.Net;
using System.Text;
using System.Text.Json;

namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>Issue 3: ten thousand malformed CRM events, each refused with its reason and position, and the good ones beside them accepted.</summary>
public class MalformedEventTests
{
    private const int Malformed = 10_000, Good = 2_500, PerRequest = 1_000, Seed = 20_261_122;

    [Fact]
    public async Task Ten_thousand_malformed_events_are_refused_by_reason_and_place_and_their_neighbours_accepted()
    {
        await using var door = TestDoor.Open();
        var random = new Random(Seed);
        var bodies = Enumerable.Range(0, Malformed).Select(_ => MalformedEvents.Next(random))
            .Concat(Enumerable.Range(0, Good).Select(i => new Wrong(MalformedEvents.Good(random, i), "", ""))).ToArray();
        random.Shuffle(bodies);
        var seen = new HashSet<string>();
        var mistaken = new List<string>();
        foreach (var chunk in bodies.Chunk(PerRequest))
        {
            var answer = await door.EventsAsync("[" + string.Join(',', chunk.Select(w => w.Json)) + "]");
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            var taken = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal(chunk.Count(w => w.Reason.Length == 0), taken.GetProperty("accepted").GetInt32());
            Assert.Equal(0, taken.GetProperty("duplicates").GetInt32());
            var expected = chunk.Select((w, i) => (w, i)).Where(w => w.w.Reason.Length > 0).ToList();
            var refused = taken.GetProperty("refused").EnumerateArray().ToList();
            Assert.Equal(expected.Count, refused.Count);
            foreach (var ((wrong, index), said) in expected.Zip(refused))
            {
                var got = $"{said.GetProperty("index").GetInt32()} {said.GetProperty("reason").GetString()} {(said.TryGetProperty("field", out var field) ? field.GetString() : "")}";
                if (got != $"{index} {wrong.Reason} {wrong.Field}") mistaken.Add($"{got}, expected {wrong.Reason} {wrong.Field} of {wrong.Json[..Math.Min(300, wrong.Json.Length)]}");
                Assert.NotEmpty(said.GetProperty("detail").GetString()!);
                seen.Add($"{wrong.Reason} {wrong.Field}");
            }
        }
        Assert.True(mistaken.Count == 0, string.Join('\n', mistaken.Take(20)));
        await AllKept(door);
        Assert.True(seen.Count >= 50, $"only {seen.Count} kinds of mistakes were drawn");
    }

    // Nothing is thrown away: each of them is a record, good or refused, with its reason.
    private static async Task AllKept(TestDoor door)
    {
        var records = await door.RecordsAsync();
        Assert.Equal(Malformed, records.Count(r => r.Kind == RecordKind.Refused && r[Field.Reason] is { Length: > 0 } && r[Field.Payload] is { Length: > 0 }));
        Assert.Equal(Good, records.Count(r => r.Kind == RecordKind.Event));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData("undefined")]
    public async Task A_number_that_json_does_not_know_makes_no_event_of_any(string number)
    {
        await using var door = TestDoor.Open();
        var answer = await door.EventsAsync($$$"""[{"event":"click","visitor_id":"v"},{"event":"refund","visitor_id":"v","properties":{"order_id":"o","revenue":{{{number}}}}}]""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal((RecordKind.Refused, "not_json"), ((await door.OnlyRecordAsync()).Kind, (await door.OnlyRecordAsync())[Field.Reason]));
    }

    [Fact]
    public async Task Nested_deeper_than_the_limit_is_refused_as_a_whole_and_at_the_limit_accepted()
    {
        await using var door = TestDoor.Open();
        string Nested(int levels) => $$$"""{"event":"click","visitor_id":"v","properties":{"a":{{{new string('[', levels)}}}{{{new string(']', levels)}}}}}""";
        Assert.Equal(HttpStatusCode.Accepted, (await door.EventsAsync(Nested(14))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await door.EventsAsync(Nested(15))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await door.EventsAsync(Encoding.UTF8.GetBytes(Nested(5_000)))).StatusCode);
    }
}
