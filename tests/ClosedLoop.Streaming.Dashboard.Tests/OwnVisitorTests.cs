namespace ClosedLoop.Streaming.Dashboard.Tests;

public sealed class OwnVisitorTests
{
    [Fact]
    public async Task A_caller_learns_its_own_id_and_no_other()
    {
        await using var system = await TestSystem.StartAsync();
        var cookie = await system.ViewAsync("/first");
        Assert.Matches("^[0-9a-f]{32}$", await system.VisitorOfAsync(cookie));
        foreach (var wrong in new[] { "", "cl=", "cl=abc", "cl=" + new string('A', 44), cookie[..^1] + (cookie[^1] == 'A' ? 'B' : 'A') })
        {
            using var answer = await system.SendAsync("GET", "/v1/visitor", null, null, ("Cookie", wrong), ("Origin", "https://evil.example"));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }
}
