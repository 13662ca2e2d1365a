using System.Net;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>The doors open before the warehouse does; who asks too early is asked to come again.</summary>
public sealed class EarlyTests
{
    [Fact]
    public async Task A_report_before_the_warehouse_is_ready_is_503_and_afterwards_200()
    {
        await using var program = await RunningProgram.StartAsync();
        await Soon.BeTrueAsync(async () =>
        {
            var (status, body) = await program.SendAsync(HttpMethod.Get, "/v1/reports/channels?site=demo&from=2026-01-01&to=2026-12-31");
            Assert.True(status is 200 or 503, $"{status} {body}");
            using var asked = await program.AskAsync("SELECT count() FROM events");
            Assert.True(asked.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, await asked.Content.ReadAsStringAsync());
            return status == 200 && asked.IsSuccessStatusCode;
        }, () => "the report");
    }
}
