using ClosedLoop.Streaming.Host.Settings;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Warehouse.Server;

namespace ClosedLoop.Streaming.Host;

/// <summary>
/// Looks at the parts outside of this process that its roles need, all at once and before anything is opened: wrong addresses, passwords,
/// versions, schemas. What was right at the start and goes away later is waited for by whoever needs it.
/// </summary>
internal static class StartChecks
{
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(20);

    /// <exception cref="StartException">Some part can't be used; one message with all of them.</exception>
    public static async Task RunAsync(HostSettings settings, CancellationToken cancel)
    {
        var looks = new List<Task<IReadOnlyList<string>>>();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(LookMax);
        if (!settings.EmbedsWarehouse && (settings.Has("warehouse") || settings.Has("dashboard"))) looks.Add(WarehouseAsync(settings, time.Token));

        if (settings.UsesKafka) looks.Add(Task.Run(() => KafkaOpening.Mistakes(settings.Kafka), CancellationToken.None));
        if (settings.UsesRedis && settings.NeedsRedis) looks.Add(RedisCheck.MistakesAsync(settings.Redis));

        var mistakes = (await Task.WhenAll(looks).WaitAsync(cancel)).SelectMany(found => found).ToList();
        cancel.ThrowIfCancellationRequested();
        if (mistakes.Count > 0)
            throw new StartException($"{mistakes.Count} part{(mistakes.Count == 1 ? "" : "s")} cannot be used; nothing was started:" + string.Concat(mistakes.Select(mistake => "\n  - " + mistake)));
    }

    private static async Task<IReadOnlyList<string>> WarehouseAsync(HostSettings settings, CancellationToken cancel)
    {
        try
        {
            using var server = new ServerWarehouse(settings.Warehouse);
            return await server.CheckAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return [$"CLOSEDLOOP_CLICKHOUSE_URL: the server did not answer within {LookMax.TotalSeconds:0} s."];
        }
    }
}
