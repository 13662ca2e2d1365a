using System.Text;
using ClosedLoop.Streaming.Integration.Tests.Malformed;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>Every limit of the doors answers with its own code.</summary>
public sealed class LimitTests(SharedProgram shared)
{
    private const string Key = "Authorization: Bearer " + RunningProgram.AdminKey;

    public static TheoryData<int, string> Rows => new()
    {
        { 414, Head("GET", "/i?e=pv&aid=demo&page=" + new string('a', 8 * 1024)) },
        { 431, Head("GET", "/i?e=pv&aid=demo", "X: " + new string('a', 16 * 1024)) },
        { 431, Head("GET", "/i?e=pv&aid=demo", [.. Enumerable.Range(0, 65).Select(i => $"X-{i}: 1")]) },
        { 413, Post("/f/demo", "application/x-www-form-urlencoded", "email=a%40b.example&x=" + new string('a', 64 * 1024)) },
        { 413, Post("/c/demo", "application/x-www-form-urlencoded", "choice=deny&x=" + new string('a', 64 * 1024)) },
        { 413, Post("/v1/events", "application/json", "[\"" + new string('a', 1024 * 1024) + "\"]", Key) },
        { 400, Post("/v1/events", "application/json", new string('[', 17) + new string(']', 17), Key) },
        { 400, Post("/v1/events", "application/json", "no JSON", Key) },
        { 401, Post("/v1/events", "application/json", "[]") },
        { 401, Post("/v1/events", "application/json", "[]", "Authorization: Bearer wrong") },
        { 404, Head("GET", "/r/no-such-slug") },
        { 400, Head("GET", "/r?u=https%3A%2F%2Fevil.example%2F&s=AAAA") },
        { 400, Head("GET", "/r?u=https%3A%2F%2Fevil.example%2F") },
        { 404, Post("/f/no-such-site", "application/x-www-form-urlencoded", "email=a%40b.example") },
        { 405, Head("DELETE", "/i") },
        { 401, Head("GET", "/v1/segments") },
        { 401, Head("GET", "/v1/verify") },
        { 401, Head("GET", "/v1/reports/channels") },
        { 404, Head("GET", "/nothing-here") },
        { 200, Head("GET", "/i?e=pv&aid=demo&page=" + new string('a', 7 * 1024)) },
        { 303, Post("/f/demo", "application/x-www-form-urlencoded", "email=limit%40b.example&x=" + new string('a', 63 * 1024)) },
    };

    [Theory]
    [MemberData(nameof(Rows), DisableDiscoveryEnumeration = true)]
    public async Task A_limit_answers_with_its_code(int status, string request)
    {
        var program = await shared.GetAsync();
        Assert.Equal(status, await RawRequest.SendAsync(new Uri(program.Url).Port, Encoding.ASCII.GetBytes(request), TimeSpan.FromSeconds(20)));
    }

    private static string Head(string method, string target, params string[] headers) =>
        $"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {Agents.Browser}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}Connection: close\r\n\r\n";

    private static string Post(string target, string type, string body, params string[] headers) =>
        Head("POST", target, [$"Content-Type: {type}", $"Content-Length: {body.Length}", .. headers]) + body;
}
