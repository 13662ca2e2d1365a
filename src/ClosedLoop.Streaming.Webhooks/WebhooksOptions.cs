using System.Net;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>Settings of the messenger, with their defaults; <see cref="Mistakes"/> names every wrong one at once.</summary>
public sealed class WebhooksOptions
{
    /// <summary>CIDR ranges that may be reached besides public addresses (<c>CLOSEDLOOP_WEBHOOK_ALLOW</c>).</summary>
    public IReadOnlyList<string> Allow { get; set; } = [];

    /// <summary>One attempt, from connecting to the answer's headers (FIELD.md §10: 15 s).</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Requests under way to one endpoint.</summary>
    public int PerEndpointMax { get; set; } = 16;

    /// <summary>Requests under way to an endpoint whose last attempts all failed: a hanging one holds few of the shared places.</summary>
    public int PerFailingEndpointMax { get; set; } = 4;

    /// <summary>Requests under way to all endpoints beyond the first of each, which every endpoint always has for itself.</summary>
    public int SharedMax { get; set; } = 512;

    /// <summary>Deliveries of one endpoint that wait for success; more become dead letters with the reason <c>overflow</c>.</summary>
    public int PendingPerEndpointMax { get; set; } = 50_000;

    /// <summary>Deliveries of all endpoints that wait.</summary>
    public int PendingMax { get; set; } = 200_000;

    /// <summary>Bytes of bodies held in memory; beyond, bodies that are in the file are read again when they are due.</summary>
    public long BodyBytesMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>Deliveries that are neither done nor in the file yet; beyond, the reader of facts waits.</summary>
    public int UnwrittenMax { get; set; } = 20_000;

    /// <summary>Dead letters kept per endpoint.</summary>
    public int DeadPerEndpointMax { get; set; } = 20_000;

    /// <summary>Age up to which dead letters are kept.</summary>
    public TimeSpan DeadAgeMax { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Attempts remembered per endpoint for <c>GET /v1/webhooks/{id}/deliveries</c>.</summary>
    public int HistoryMax { get; set; } = 1_000;

    /// <summary>How long a finished or waiting delivery may go without being written down; a crash repeats at most this much.</summary>
    public TimeSpan WriteEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest <c>Retry-After</c> that is honoured.</summary>
    public TimeSpan RetryAfterMax { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Bytes of one read from the log of facts.</summary>
    public int ReadBytesMax { get; set; } = 1024 * 1024;

    /// <summary>All mistakes, each a sentence with what is allowed; empty when the options can be used.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        foreach (var range in Allow)
        {
            if (!IPNetwork.TryParse(range, out _))
                mistakes.Add($"CLOSEDLOOP_WEBHOOK_ALLOW: '{range}' is no CIDR range; write for example 10.1.0.0/16, 127.0.0.1/32 or fd00:1::/64.");
        }
        Range(mistakes, nameof(PerEndpointMax), PerEndpointMax, 1, 1_000);
        Range(mistakes, nameof(PerFailingEndpointMax), PerFailingEndpointMax, 1, 1_000);
        Range(mistakes, nameof(SharedMax), SharedMax, 0, 10_000);
        Range(mistakes, nameof(PendingPerEndpointMax), PendingPerEndpointMax, 1, 1_000_000);
        Range(mistakes, nameof(PendingMax), PendingMax, 1, 1_000_000);
        Range(mistakes, nameof(UnwrittenMax), UnwrittenMax, 1, 1_000_000);
        Range(mistakes, nameof(DeadPerEndpointMax), DeadPerEndpointMax, 0, 1_000_000);
        Range(mistakes, nameof(HistoryMax), HistoryMax, 1, 100_000);
        Range(mistakes, nameof(BodyBytesMax), BodyBytesMax, 1024 * 1024, 16L * 1024 * 1024 * 1024);
        Range(mistakes, nameof(ReadBytesMax), ReadBytesMax, 64 * 1024, 64 * 1024 * 1024);
        Range(mistakes, nameof(AttemptTimeout) + " (ms)", (long)AttemptTimeout.TotalMilliseconds, 100, 120_000);
        Range(mistakes, nameof(WriteEvery) + " (ms)", (long)WriteEvery.TotalMilliseconds, 10, 60_000);
        Range(mistakes, nameof(RetryAfterMax) + " (ms)", (long)RetryAfterMax.TotalMilliseconds, 1_000, 86_400_000);
        Range(mistakes, nameof(DeadAgeMax) + " (ms)", (long)DeadAgeMax.TotalMilliseconds, 0, 400L * 86_400_000);
        return mistakes;
    }

    private static void Range(List<string> mistakes, string name, long value, long least, long most)
    {
        if (value < least || value > most)
            mistakes.Add($"ClosedLoop__Webhooks__{name}: {value} is not allowed; it must be between {least} and {most}.");
    }
}
