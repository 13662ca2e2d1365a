namespace ClosedLoop.Streaming.Dashboard.Tests;

/// <summary>What people and servers do.</summary>
internal sealed partial class TestSystem
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(30);

    /// <summary>Asks again until it is so; how long that takes decides nothing.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> isSo, string what)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(clock.Elapsed < PatienceMax, $"Not within {PatienceMax.TotalSeconds} s: {what}");
            await Task.Delay(20);
        }
    }

    /// <summary>A page view by the pixel; returns the cookie.</summary>
    public async Task<string> ViewAsync(string page, string? cookie = null, string more = "")
    {
        using var answer = await SendAsync("GET", $"/i?aid=demo&e=pv&url={Uri.EscapeDataString("https://shop.example" + page)}{more}", null, key: null,
            headers: cookie is null ? [] : [("Cookie", cookie)]);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.TryGetValues("Set-Cookie", out var lines) ? lines.First().Split(';')[0] : cookie!;
    }

    public async Task<string> VisitorOfAsync(string cookie)
    {
        using var answer = await SendAsync("GET", "/v1/visitor", null, null, ("Cookie", cookie));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Text("visitor_id")!;
    }

    public async Task EventAsync(string json)
    {
        var answer = await JsonAsync("POST", "/v1/events", json, 202, WriteKey);
        Assert.True(answer.GetProperty("refused").GetArrayLength() == 0, answer.ToString());
    }
}

internal static class Elements
{
    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    public static string[] Texts(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];
}
