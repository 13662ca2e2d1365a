using System.Net;
using System.Net.Sockets;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>Starts that must not happen, and how they say so.</summary>
public sealed class StartTests(SharedProgram shared) : IDisposable
{
    private static readonly TimeSpan SayMax = TimeSpan.FromSeconds(90);
    private readonly string _folder = Directory.CreateTempSubdirectory("closedloop-start-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("run")]
    [InlineData("check-config")]
    public async Task All_mistakes_are_in_one_message(string verb)
    {
        var settings = new Dictionary<string, string>
        {
            ["CLOSEDLOOP_PORT"] = "99999", ["CLOSEDLOOP_BIND"] = "nowhere", ["CLOSEDLOOP_DURABILITY"] = "maybe", ["CLOSEDLOOP_WEBHOOK_ALLOW"] = "10.0.0.0/99",
            ["CLOSEDLOOP_PROT"] = "8080", ["ClosedLoop__Log__NoSuchThing"] = "1", ["ClosedLoop__Nowhere__X"] = "1", ["ClosedLoop__Processor__TickSeconds"] = "soon",
            ["CLOSEDLOOP_PUBLIC_URL"] = "ftp://x", ["CLOSEDLOOP_DATA"] = _folder,
        };
        var said = await RunAsync(settings, verb);
        Assert.NotEqual(0, said.ExitCode);
        foreach (var word in new[] { "CLOSEDLOOP_PORT is '99999'", "CLOSEDLOOP_BIND", "CLOSEDLOOP_DURABILITY", "10.0.0.0/99", "CLOSEDLOOP_PROT ", "NoSuchThing", "Nowhere", "TickSeconds", "ftp://x" })
            Assert.Contains(word, said.Error, StringComparison.Ordinal);
        Assert.Contains("9 mistakes", said.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task The_variables_of_the_build_and_of_the_tests_are_no_mistakes()
    {
        var settings = new Dictionary<string, string>
        {
            ["CLOSEDLOOP_PROGRAM"] = Parts.Program, ["CLOSEDLOOP_CHROMIUM"] = "/usr/bin/chromium", ["CLOSEDLOOP_REDIS_SERVER"] = "/usr/bin/redis-server",
            ["CLOSEDLOOP_NGINX"] = "/usr/sbin/nginx", ["CLOSEDLOOP_TEST_LONG"] = "1", ["CLOSEDLOOP_DATA"] = _folder,
        };
        var said = await RunAsync(settings, "check-config");
        Assert.True(said.ExitCode == 0, said.ToString());
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        Parts.NeedEngine();
        using var other = new TcpListener(IPAddress.Loopback, Ports.Free());
        other.Start();
        var settings = RunningProgram.Settings(_folder);
        settings["CLOSEDLOOP_PORT"] = $"{((IPEndPoint)other.LocalEndpoint).Port}";
        var said = await RunAsync(settings, "run");
        Assert.Equal(1, said.ExitCode);
        Assert.Contains(settings["CLOSEDLOOP_PORT"], said.Error, StringComparison.Ordinal);
        Assert.Contains("CLOSEDLOOP_PORT", said.Error, StringComparison.Ordinal);
        NoStackTrace(said);
    }

    [Fact]
    public async Task A_folder_has_one_system()
    {
        var program = await shared.GetAsync();
        var said = await RunAsync(RunningProgram.Settings(program.Folder), "run");
        Assert.Equal(1, said.ExitCode);
        Assert.Contains(program.Folder, said.Error, StringComparison.Ordinal);
        NoStackTrace(said);
        await program.SettleAsync();
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("demo")]
    public async Task A_verb_without_a_running_system_says_so(string verb)
    {
        var said = await RunAsync(RunningProgram.Settings(_folder), verb);
        Assert.Equal(1, said.ExitCode);
        Assert.Contains("No system answers at http://127.0.0.1:", said.Error, StringComparison.Ordinal);
        NoStackTrace(said);
    }

    [Fact]
    public async Task SIGTERM_drains_and_ends_well_and_everything_is_there_afterwards()
    {
        await using (var program = await RunningProgram.StartAsync(_folder))
        {
            await program.DoAsync(HttpMethod.Post, "/v1/events", """{"event":"page_view","event_id":"drain-1","site":"demo","visitor_id":"drain","url":"https://shop.example/"}""");
            Assert.Equal(0, await program.StopAsync());
        }
        await using var again = await RunningProgram.StartAsync(_folder);
        await again.SettleAsync();
        Assert.Equal("1", (await again.RowsAsync("SELECT count() FROM events WHERE event_id = 'drain-1'"))[0][0]);
        Assert.NotNull(await again.FindAsync("/v1/visitors/drain"));
    }

    [Fact]
    public async Task A_stop_while_the_warehouse_is_being_opened_is_no_crash()
    {
        // The doors answer before the engine is there.
        await using var program = await RunningProgram.StartAsync(_folder);
        Assert.Equal(0, await program.StopAsync());
    }

    private async Task<VerbResult> RunAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        using var child = ChildProgram.Start(_folder, settings, arguments);
        return await child.EndAsync(SayMax);
    }

    private static void NoStackTrace(VerbResult said) => Assert.DoesNotContain("   at ", said.Error, StringComparison.Ordinal);
}
