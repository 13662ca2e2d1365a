using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.Dashboard.Tests;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Every_route_and_every_door_is_described()
    {
        await using var system = await TestSystem.StartAsync();
        var document = await system.JsonAsync("GET", "/openapi/v1.json", key: null);
        Assert.StartsWith("3.", document.Text("openapi"), StringComparison.Ordinal);
        var paths = document.GetProperty("paths");
        var described = paths.EnumerateObject().Select(p => p.Name).ToHashSet();
        var mapped = system.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => e.RoutePattern.RawText!.TrimEnd('/')).Where(p => p.StartsWith("/v1/", StringComparison.Ordinal)).ToHashSet();
        Assert.Equal(mapped.Concat(["/i", "/r", "/r/{slug}", "/f/{site}", "/c/{site}", "/v1/events"]).Order(), described.Order());
        foreach (var path in paths.EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject())
            {
                Assert.False(string.IsNullOrEmpty(operation.Value.Text("summary")), path.Name);
                Assert.False(string.IsNullOrEmpty(operation.Value.Text("operationId")), path.Name);
            }
        Assert.DoesNotContain("[\"integer\",\"string\"]", document.GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        foreach (var status in new[] { "200", "400", "401", "403", "404", "413", "503" })
            Assert.True(paths.GetProperty("/v1/segments/{name}").GetProperty("put").GetProperty("responses").TryGetProperty(status, out _), status);
        Assert.Equal("bearer", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("key").Text("scheme"));
        var site = paths.GetProperty("/v1/sites").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").ToString();
        Assert.True(site.Contains("lookback_days", StringComparison.Ordinal) || site.Contains("$ref", StringComparison.Ordinal), site);
        Assert.Contains("trust_public_money", document.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_said_as_every_other_error()
    {
        await using var system = await TestSystem.StartAsync();
        Assert.Equal("not_found", (await system.ErrorAsync("GET", "/v1/nothing", null, 404)).Text("code"));
        Assert.Equal("method_not_allowed", (await system.ErrorAsync("POST", "/v1/segments", null, 405)).Text("code"));
    }
}
