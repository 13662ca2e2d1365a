using System.Text;
using System.Text.Json;

namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>JSONTestSuite and the big list of naughty strings against the events door.</summary>
public class JsonSuiteTests
{
    [Fact]
    public async Task JSONTestSuite_is_understood_or_refused_as_it_says()
    {
        var folder = SharedData.Folder("json");
        if (folder is null) Assert.Skip("shared/data/json is not beside the repository (CLOSEDLOOP_SHARED may name the folder).");
        await using var door = TestDoor.Open();
        var wrong = new List<string>();
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "test_parsing"), "*.json").Order(StringComparer.Ordinal))
        {
            var answer = await door.EventsAsync(await File.ReadAllBytesAsync(file));
            var status = (int)answer.StatusCode;
            var expected = Path.GetFileName(file)[0] switch { 'y' => status == 202, 'n' => status == 400, _ => status is 202 or 400 };
            if (!expected) wrong.Add($"{Path.GetFileName(file)}: {status}");
            if (status == 202) Assert.Equal(0, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("accepted").GetInt32());
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.All(await door.RecordsAsync(), r => Assert.Equal(RecordKind.Refused, r.Kind));
    }

    [Fact]
    public async Task Naughty_strings_are_kept_as_they_are_in_every_field()
    {
        var folder = SharedData.Folder("strings");
        if (folder is null) Assert.Skip("shared/data/strings is not beside the repository (CLOSEDLOOP_SHARED may name the folder).");
        var strings = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "blns.json"))).RootElement.EnumerateArray().Select(s => s.GetString()!).ToList();
        await using var door = TestDoor.Open();
        foreach (var text in strings)
        {
            var encoded = Uri.EscapeDataString(text);
            // Five copies of the longest ones are more than a request line holds.
            var path = $"/i?page={encoded}&tz={encoded}&x={encoded}&ua={encoded}&aid=demo";
            Assert.Equal(path.Length > 8_000 ? 414 : 200, (int)(await door.GetAsync(path)).StatusCode);
            Assert.InRange((int)(await door.FormAsync("/f/demo", $"email={encoded}&phone={encoded}&message={encoded}&form={encoded}&return={encoded}")).StatusCode, 303, 400);
            var json = JsonSerializer.Serialize(new { @event = text, event_id = text, visitor_id = text, title = text, lead = new { external_id = text }, properties = new { a = text } });
            Assert.Equal(202, (int)(await door.EventsAsync(json)).StatusCode);
        }
        var records = await door.RecordsAsync();
        var titles = records.Where(r => r[Field.Door] == "pixel").Select(r => r[Field.PageTitle]).ToHashSet();
        Assert.All(strings.Where(s => s.Length > 0 && Encoding.UTF8.GetByteCount(s) is > 0 and <= 64 && !s.Any(char.IsControl)), s => Assert.Contains(s, titles));
        // Whatever came, what is in the log is text.
        Assert.All(records, r => Assert.True(System.Text.Unicode.Utf8.IsValid(Encoding.UTF8.GetBytes(r[Field.PageTitle] ?? ""))));
    }
}
