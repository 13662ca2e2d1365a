using System.CommandLine;

namespace ClosedLoop.Streaming.Host.Verbs;

/// <summary><c>closedloop health</c>: asks the process of this machine whether it is ready; for health checks where no other program is.</summary>
internal static class HealthVerb
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    public static Command Command()
    {
        var url = SystemClient.UrlOption();
        var role = new Option<string?>("--role") { Description = "Only this role of the process." };
        var command = new Command("health", "Asks the running process whether it is ready: code 0 when it is, 1 with what is missing when it isn't.") { url, role };
        command.SetAction((parsed, cancel) => SystemClient.GuardAsync(() => RunAsync(parsed.GetValue(url), parsed.GetValue(role), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(string? url, string? role, CancellationToken cancel)
    {
        using var system = SystemClient.Open(url);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(AnswerMax);
        using var http = new HttpClient { BaseAddress = system.Url };
        try
        {
            using var answer = await http.GetAsync("/health/ready" + (role is null ? "" : "/" + Uri.EscapeDataString(role)), time.Token);
            if (answer.IsSuccessStatusCode) return 0;
            throw new VerbException(await answer.Content.ReadAsStringAsync(time.Token));
        }
        catch (Exception e) when (e is HttpRequestException || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            throw new VerbException($"No system answers at {system.Url}: {e.Message}");
        }
    }
}
