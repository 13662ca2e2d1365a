using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>SIGTERM at any step of a start ends with code 0, and the next start finds everything in order.</summary>
public sealed class StopTests
{
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(90);

    // What appears in the data folder, in this order, as the start goes on.
    private static readonly string[] Steps = ["master.key", "closedloop.db.lock", "closedloop.db", "warehouse", "warehouse/store"];

    [Fact]
    public async Task SIGTERM_at_any_step_of_the_start_is_a_stop_like_any_other()
    {
        Parts.NeedEngine();
        foreach (var step in Steps)
        {
            var folder = Directory.CreateTempSubdirectory("closedloop-stop-").FullName;
            using (var child = ChildProgram.Start(folder, RunningProgram.Settings(folder), "run"))
            {
                await Soon.BeTrueAsync(() => Path.Exists(Path.Combine(folder, step)), () => $"{step}: {child.Error}", everyMs: 1);
                child.Terminate();
                var ended = await child.EndAsync(EndMax);
                Assert.True(ended.ExitCode == 0, $"after {step}: {ended}");
                Assert.Equal("", ended.Error);
            }
            if (step == Steps[^1])
            {
                await using var again = await RunningProgram.StartAsync(folder);
                await again.DoAsync(HttpMethod.Post, "/v1/events", """{"event":"page_view","site":"demo","visitor_id":"after-stop","url":"https://shop.example/"}""");
                await again.VerifyAsync();
            }
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task SIGTERM_while_a_part_outside_is_looked_for_ends_at_once_with_code_0()
    {
        var folder = Directory.CreateTempSubdirectory("closedloop-stop-").FullName;
        // Takes connections and never answers.
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var settings = RunningProgram.Settings(folder);
        settings["CLOSEDLOOP_CLICKHOUSE_URL"] = $"http://127.0.0.1:{((System.Net.IPEndPoint)silent.LocalEndpoint).Port}";
        using var child = ChildProgram.Start(folder, settings, "run");
        using var asked = await silent.AcceptTcpClientAsync();
        child.Terminate();
        Assert.Equal(0, (await child.EndAsync(EndMax)).ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder, recursive: true);
    }
}
