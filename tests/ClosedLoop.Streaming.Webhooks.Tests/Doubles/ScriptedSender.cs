using System.Collections.Concurrent;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>An attempt as it reached the receiver.</summary>
public sealed record Sent(string Host, string Id, string Person, long AtMs, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}

/// <summary>A receiver in memory that answers by a script; no network, no threads of its own.</summary>
public sealed class ScriptedSender(ManualTime time) : IAttemptSender
{
    public ConcurrentQueue<Sent> Sent { get; } = new();
    public Func<Sent, Task<AttemptResult>> Answer { get; set; } = _ => Task.FromResult(Ok);

    public static AttemptResult Ok => new(AttemptEnd.Success, 200, 0, 1);
    public static AttemptResult Status(int status, long retryAfterMs = 0) => new(AttemptResult.Judge(status), status, retryAfterMs, 1, "no");
    public static AttemptResult Late => new(AttemptEnd.Timeout, 0, 0, 15_000, "late");
    public static AttemptResult Reset => new(AttemptEnd.Broken, 0, 0, 3, "reset");

    public Task<AttemptResult> SendAsync(Uri url, string id, ReadOnlyMemory<byte> body, IReadOnlyList<byte[]> keys, CancellationToken stop)
    {
        using var json = System.Text.Json.JsonDocument.Parse(body);
        var person = json.RootElement.GetProperty("data").TryGetProperty("visitor_id", out var visitor) ? visitor.GetString()! : "";
        var sent = new Sent(url.Host, id, person, time.NowMs, body.ToArray());
        Sent.Enqueue(sent);
        return Answer(sent);
    }
}
