using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ClosedLoop.Streaming.Integration.Tests.Running;

/// <summary>The whole system as a child process on loopback ports and a folder of its own.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    public const string AdminKey = "cla-of-these-tests-alone";
    public const string Password = "of-these-tests";
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(60);

    private readonly bool _ownsFolder;
    private readonly Dictionary<string, string> _settings;

    private RunningProgram(ChildProgram child, string folder, bool ownsFolder, Dictionary<string, string> settings)
    {
        (Child, Folder, _ownsFolder, _settings) = (child, folder, ownsFolder, settings);
        Url = $"http://127.0.0.1:{settings["CLOSEDLOOP_PORT"]}";
        ClickHouseUrl = $"http://127.0.0.1:{settings["CLOSEDLOOP_CLICKHOUSE_PORT"]}";
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            BaseAddress = new Uri(Url), Timeout = TimeSpan.FromSeconds(90),
        };
    }

    public ChildProgram Child { get; }
    public string Folder { get; }
    public string Url { get; }
    public string ClickHouseUrl { get; }
    public HttpClient Http { get; }

    /// <param name="folder">An earlier program's data folder; null: a new one, deleted at the end.</param>
    public static Task<RunningProgram> StartAsync(string? folder = null, string durability = "disk", params (string Name, string Value)[] more) =>
        StartAsync(folder, [], [("CLOSEDLOOP_DURABILITY", durability), .. more]);

    /// <param name="roles">As given to <c>--role</c>; empty: all in one process.</param>
    public static async Task<RunningProgram> StartAsync(string? folder, string[] roles, (string Name, string Value)[] more)
    {
        Parts.NeedEngine();
        var data = folder ?? Directory.CreateTempSubdirectory("closedloop-it-").FullName;
        for (var tries = 1; ; tries++)
        {
            var settings = Settings(data);
            foreach (var (name, value) in more) settings[name] = value;
            var program = new RunningProgram(ChildProgram.Start(data, settings, ["run", .. roles.SelectMany(role => new[] { "--role", role })]), data, folder is null, settings);
            if (await program.IsReadyAsync()) return program;
            var said = program.Child.Error;
            program.Child.Dispose();
            // Another process was faster with the port.
            if (tries < 3 && said.Contains("is taken", StringComparison.Ordinal)) continue;
            Assert.Fail($"The program did not start:\n{program.Child.Out}\n{said}");
        }
    }

    public static Dictionary<string, string> Settings(string data) => new()
    {
        ["CLOSEDLOOP_DATA"] = data, ["CLOSEDLOOP_PORT"] = $"{Ports.Free()}", ["CLOSEDLOOP_CLICKHOUSE_PORT"] = $"{Ports.Free()}",
        ["CLOSEDLOOP_ADMIN_KEY"] = AdminKey, ["CLOSEDLOOP_DASHBOARD_PASSWORD"] = Password, ["CLOSEDLOOP_WEBHOOK_ALLOW"] = "127.0.0.0/8",
    };

    /// <summary>Runs a verb against this system.</summary>
    public async Task<VerbResult> VerbAsync(TimeSpan within, params string[] arguments)
    {
        using var verb = ChildProgram.Start(Folder, _settings, arguments);
        return await verb.EndAsync(within);
    }

    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length > 0 && text[0] is '{' or '[' ? JsonElement.Parse(text) : default);
    }

    /// <summary>Sends and expects a success.</summary>
    public async Task<JsonElement> DoAsync(HttpMethod method, string path, string? json = null)
    {
        var (status, body) = await SendAsync(method, path, json);
        Assert.True(status is >= 200 and < 300, $"{method} {path}: {status} {(body.ValueKind == JsonValueKind.Undefined ? "" : body)}");
        return body;
    }

    public async Task<JsonElement?> FindAsync(string path)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path);
        return status == 404 ? null : status == 200 ? body : throw new InvalidOperationException($"{path}: {status} {body}");
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        Child.Terminate();
        return (await Child.EndAsync(StopMax)).ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Child.Dispose();
        if (!_ownsFolder) return;
        await Task.Yield();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<bool> IsReadyAsync()
    {
        var until = DateTimeOffset.UtcNow + StartMax;
        while (DateTimeOffset.UtcNow < until && !Child.HasExited)
        {
            try
            {
                using var answer = await Http.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode) return true;
            }
            catch (HttpRequestException) { }
            await Task.Delay(50);
        }
        return false;
    }
}
