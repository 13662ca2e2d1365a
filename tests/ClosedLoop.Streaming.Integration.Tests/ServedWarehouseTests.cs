using ClosedLoop.Streaming.Integration.Tests.Running;
using ClosedLoop.Streaming.Warehouse.Tests;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>Embedded, but with a ClickHouse server: CLOSEDLOOP_CLICKHOUSE_URL alone.</summary>
public sealed class ServedWarehouseTests(ServedEngine engine) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("closedloop-served-it-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Hits_become_rows_of_the_server_reports_read_there_and_verify_adds_up()
    {
        var server = await engine.GetAsync();
        await engine.EmptyAsync();
        await using var program = await RunningProgram.StartAsync(_folder, "disk", ("CLOSEDLOOP_CLICKHOUSE_URL", server.Url));
        for (var i = 0; i < 30; i++)
            await program.DoAsync(HttpMethod.Post, "/v1/events", $$"""{"event":"page_view","event_id":"served-{{i}}","site":"demo","visitor_id":"served{{i % 5}}","url":"https://shop.example/?utm_source=s&utm_medium=email"}""");
        await program.VerifyAsync();
        var (status, report) = await program.SendAsync(HttpMethod.Get, "/v1/reports/channels?site=demo&from=2026-01-01&to=2030-12-31&model=first_touch");
        Assert.True(status == 200, $"{report}\n{program.Child.Out}");
        Assert.Contains("Email", report.GetProperty("rows").ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "warehouse")), "the embedded warehouse was opened too");
        Assert.Equal(0, await program.StopAsync());
    }

    [Fact]
    public async Task A_wrong_password_and_nobody_there_are_said_and_nothing_is_started()
    {
        var server = await engine.GetAsync();
        foreach (var (url, said) in new[] { (server.Address.Replace("http://", $"http://{ChdbServer.User}:wrong-word@", StringComparison.Ordinal), $"user '{ChdbServer.User}'"), ($"http://127.0.0.1:{Ports.Free()}", "can't be reached") })
        {
            var settings = RunningProgram.Settings(_folder);
            settings["CLOSEDLOOP_CLICKHOUSE_URL"] = url;
            using var child = ChildProgram.Start(_folder, settings, "run");
            var ended = await child.EndAsync(TimeSpan.FromSeconds(90));
            Assert.Equal(1, ended.ExitCode);
            Assert.Contains("CLOSEDLOOP_CLICKHOUSE_URL", ended.Error, StringComparison.Ordinal);
            Assert.Contains(said, ended.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("wrong-word", ended.Error, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(_folder));
        }
    }
}
