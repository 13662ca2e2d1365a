using System.Text;

namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>Every limit one below, at, and one above, over a real socket, with its exact code.</summary>
public class LimitTests
{
    private static string Status(string answer) => answer.Length > 12 ? answer[9..12] : "none: " + answer;

    [Theory]
    [InlineData(-1, "200")]
    [InlineData(0, "200")]
    [InlineData(1, "414")]
    public async Task Request_line(int over, string status)
    {
        await using var door = TestDoor.Open();
        const string Start = "GET /i?page=", End = " HTTP/1.1\r\n";
        var line = Start + new string('x', 8 * 1024 + over - Start.Length - End.Length) + End;
        Assert.Equal(8 * 1024 + over, line.Length);
        Assert.Equal(status, Status(await door.RawAsync(line + "Host: a\r\nConnection: close\r\n\r\n")));
    }

    [Theory]
    [InlineData(-1, "200")]
    [InlineData(0, "200")]
    [InlineData(1, "431")]
    public async Task Header_bytes(int over, string status)
    {
        await using var door = TestDoor.Open();
        // Counted are the header lines with their ends, without the empty line.
        const string Headers = "Host: a\r\nConnection: close\r\nX-Long: ";
        var padding = new string('x', 16 * 1024 + over - Headers.Length - 2);
        Assert.Equal(status, Status(await door.RawAsync("GET /i HTTP/1.1\r\n" + Headers + padding + "\r\n\r\n")));
    }

    [Theory]
    [InlineData(-1, "200")]
    [InlineData(0, "200")]
    [InlineData(1, "431")]
    public async Task Header_count(int over, string status)
    {
        await using var door = TestDoor.Open();
        var headers = string.Concat(Enumerable.Range(0, 64 + over - 2).Select(i => $"X-{i}: 1\r\n"));
        Assert.Equal(status, Status(await door.RawAsync("GET /i HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers + "\r\n")));
    }

    [Theory]
    [InlineData(-1, false, "303")]
    [InlineData(0, false, "303")]
    [InlineData(1, false, "413")]
    [InlineData(-1, true, "303")]
    [InlineData(0, true, "303")]
    [InlineData(1, true, "413")]
    [InlineData(10_000_000, false, "413")]
    public async Task Form_bytes(int over, bool chunked, string status)
    {
        await using var door = TestDoor.Open();
        var body = "email=a@b.example&message=";
        body += new string('x', 64 * 1024 + over - body.Length);
        Assert.Equal(status, Status(await door.RawAsync(Post("/f/demo", "Content-Type: application/x-www-form-urlencoded", body, chunked))));
    }

    [Theory]
    [InlineData(-1, false, "202")]
    [InlineData(0, false, "202")]
    [InlineData(1, false, "413")]
    [InlineData(0, true, "202")]
    [InlineData(1, true, "413")]
    [InlineData(20_000_000, true, "413")]
    public async Task Body_bytes(int over, bool chunked, string status)
    {
        await using var door = TestDoor.Open();
        var body = """{"event":"click","visitor_id":"v"}""" + new string(' ', 1024 * 1024 + over - 34);
        Assert.Equal(1024 * 1024 + over, body.Length);
        Assert.Equal(status, Status(await door.RawAsync(Post("/v1/events", "Authorization: Bearer " + TestDoor.WriteKey, body, chunked))));
    }

    [Theory]
    [InlineData(15, "202")]
    [InlineData(16, "202")]
    [InlineData(17, "400")]
    public async Task Json_depth(int depth, string status)
    {
        await using var door = TestDoor.Open();
        var inner = new string('[', depth - 2) + new string(']', depth - 2);
        var body = $$$"""{"event":"click","visitor_id":"v","properties":{"a":{{{inner}}}}}""";
        var answer = await door.RawAsync(Post("/v1/events", "Authorization: Bearer " + TestDoor.WriteKey, body, false));
        Assert.Equal(status, Status(answer));
        Assert.Equal(depth > 16, answer.Contains("too_deep", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("POST", "/i", "GET, HEAD")]
    [InlineData("DELETE", "/ice.png", "GET, HEAD")]
    [InlineData("POST", "/r/x", "GET, HEAD")]
    [InlineData("PUT", "/r", "GET, HEAD")]
    [InlineData("GET", "/f/demo", "POST")]
    [InlineData("GET", "/c/demo", "POST")]
    [InlineData("GET", "/v1/events", "POST")]
    [InlineData("POST", "/robots.txt", "GET, HEAD")]
    [InlineData("POST", "/f/thanks/", null)]
    [InlineData("GET", "/", null)]
    [InlineData("GET", "/I", null)]
    [InlineData("GET", "/i/", null)]
    [InlineData("GET", "/r/a/b", null)]
    [InlineData("GET", "/v1/eventsx", null)]
    public async Task A_wrong_method_is_405_with_the_right_ones_and_an_unknown_path_404(string method, string path, string? allow)
    {
        await using var door = TestDoor.Open();
        var answer = await door.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(allow is null ? 404 : 405, (int)answer.StatusCode);
        Assert.Equal(allow, allow is null ? null : string.Join(", ", answer.Content.Headers.Allow));
        Assert.Contains("\"error\":{\"code\":", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /i HTTP/11")]
    [InlineData("GET /i HTTP/2.0")]
    [InlineData("GET /i HTTP/1.1x")]
    public async Task A_mangled_version_is_a_malformed_request(string line)
    {
        await using var door = TestDoor.Open();
        Assert.StartsWith("HTTP/1.1 400 ", await door.RawAsync(line + "\r\nHost: a\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 200 ", await door.RawAsync("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    }

    [Theory]
    [InlineData("/robots.txt", "User-agent: *\nDisallow: /\n")]
    [InlineData("/.well-known/gpc.json", """{"gpc":true,"lastUpdate":"2026-11-21"}""")]
    [InlineData("/health", "ok")]
    public async Task Small_answers(string path, string text)
    {
        await using var door = TestDoor.Open();
        Assert.Equal(text, await door.Http.GetStringAsync(path));
    }

    private static byte[] Post(string path, string header, string body, bool chunked)
    {
        var head = $"POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{header}\r\n";
        if (!chunked) return Encoding.Latin1.GetBytes($"{head}Content-Length: {body.Length}\r\n\r\n{body}");
        var chunks = string.Concat(body.Chunk(60_000).Select(c => $"{c.Length:x}\r\n{new string(c)}\r\n"));
        return Encoding.Latin1.GetBytes($"{head}Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n");
    }
}
