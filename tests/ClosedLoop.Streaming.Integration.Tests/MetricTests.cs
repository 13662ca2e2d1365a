using System.Text.RegularExpressions;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>What dashboards and alerts ask for, a running system says; readiness by role, and the verb that asks for it.</summary>
public sealed class MetricTests(SharedProgram shared)
{
    // Counters that are said from their first event on, and parts that only the distributed form has.
    private static readonly string[] Quiet =
    [
        "closedloop_hits_unavailable_total", "closedloop_hits_totals_only_total", "closedloop_hits_refused_total", "closedloop_log_damaged_records_total",
        "closedloop_log_broker_queue_bytes", "closedloop_states_fenced_total", "closedloop_states_finished_total", "closedloop_warehouse_insert_failures_total",
        "closedloop_warehouse_unreadable_facts_total", "closedloop_webhook_unreadable_facts_total", "closedloop_webhook_deliveries_total", "closedloop_webhook_seconds_bucket",
    ];

    [Fact]
    public async Task A_running_system_says_every_metric_that_infra_asks_for()
    {
        var program = await shared.GetAsync();
        await program.DoAsync(HttpMethod.Post, "/v1/events", """{"event":"page_view","event_id":"metrics-1","site":"demo","visitor_id":"metrics","url":"https://shop.example/"}""");
        await program.SettleAsync();
        var asked = Directory.GetFiles(InfraTests.Folder, "*", SearchOption.AllDirectories).Where(f => f.EndsWith("alerts.yaml", StringComparison.Ordinal) || f.EndsWith(".json", StringComparison.Ordinal))
            .SelectMany(f => Regex.Matches(File.ReadAllText(f), @"\bclosedloop_[a-z_]+").Select(m => m.Value)).Distinct().Except(Quiet).ToList();
        Assert.True(asked.Count > 12);
        var said = await program.Http.GetStringAsync("/metrics");
        Assert.All(asked, name => Assert.Matches($@"(?m)^{name}[ {{]", said));
    }

    [Fact]
    public async Task Readiness_is_said_by_role_and_the_verb_agrees()
    {
        var program = await shared.GetAsync();
        await Soon.BeTrueAsync(async () => (await program.SendAsync(HttpMethod.Get, "/health/ready/warehouse")).Status == 200, () => "the warehouse");
        var (status, body) = await program.SendAsync(HttpMethod.Get, "/health/ready");
        Assert.Equal(200, status);
        Assert.Equal(["collector", "processor", "webhooks", "warehouse", "dashboard"], body.GetProperty("roles").EnumerateObject().Select(r => r.Name));
        Assert.All(body.GetProperty("roles").EnumerateObject(), role => Assert.Equal(0, role.Value.GetArrayLength()));
        Assert.Equal(0, (await program.VerbAsync(TimeSpan.FromSeconds(60), "health")).ExitCode);
        Assert.Equal(0, (await program.VerbAsync(TimeSpan.FromSeconds(60), "health", "--role", "warehouse")).ExitCode);
        var absent = await program.VerbAsync(TimeSpan.FromSeconds(60), "health", "--url", $"http://127.0.0.1:{Ports.Free()}");
        Assert.Equal(1, absent.ExitCode);
        Assert.Contains("No system answers", absent.Error, StringComparison.Ordinal);
    }
}
