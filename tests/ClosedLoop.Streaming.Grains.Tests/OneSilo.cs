using System.Net;
using System.Net.Sockets;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.States;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Grains.Tests;

/// <summary>
/// A processor's process with a silo in it, all connections its own. <see cref="KillAsync"/> ends it in the middle of a commit, and its silo without
/// a word to the others.
/// </summary>
internal sealed class OneSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly BreakingJournal _journal;
    private bool _isOver;

    private OneSilo(KafkaLogOptions kafka, RedisStatesOptions redis, TimeProvider time)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        var log = new KafkaLog(kafka, NullLogger<KafkaLog>.Instance);
        builder.Services.AddSingleton(_ => log).AddSingleton<ILog>(log).AddSingleton<ILogIdentity>(log).AddSingleton(time);
        builder.Services.AddSingleton<IPartitionAssignment, KafkaGroup>().AddRedisStates(redis);
        builder.Services.AddSingleton(p => new BreakingJournal(p.GetRequiredService<RedisJournal>())).AddSingleton<IUnloadedJournal>(p => p.GetRequiredService<BreakingJournal>());
        builder.Services.AddGrains(
            new GrainsOptions
            {
                Cluster = redis.Prefix, Port = FreePort(), ProbeInterval = TimeSpan.FromMilliseconds(500), CallTimeout = TimeSpan.FromSeconds(5), CallAttemptsMax = 200,
            }, redis);
        builder.Services.AddProcessor(new ProcessorOptions { TickSeconds = 3600 });
        _host = builder.Build();
        _journal = _host.Services.GetRequiredService<BreakingJournal>();
    }

    public static async Task<OneSilo> StartAsync(KafkaLogOptions kafka, RedisStatesOptions redis, TimeProvider time)
    {
        var one = new OneSilo(kafka, redis, time);
        await one._host.StartAsync();
        return one;
    }

    public IServiceProvider Services => _host.Services;

    /// <summary>Partitions that are open here, with the next offset of each.</summary>
    public IEnumerable<(int Partition, long Next)> Open =>
        _isOver ? [] : _host.Services.GetRequiredService<ProcessorService>().Owners.Where(o => o.IsOpen).Select(o => (o.Partition, o.Next));

    public async Task KillAsync()
    {
        _journal.IsBroken = true;
        await _journal.Broke.WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndAsync(new CancellationToken(canceled: true));
    }

    public async ValueTask DisposeAsync() => await EndAsync(CancellationToken.None);

    private async Task EndAsync(CancellationToken gracefully)
    {
        if (_isOver) return;
        _isOver = true;
        try { await _host.StopAsync(gracefully); }
        catch (Exception e) when (gracefully.IsCancellationRequested && e is OperationCanceledException or AggregateException) { }
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        Environment.ExitCode = 0;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Once broken, a commit is begun and its caller dies without waiting for it.</summary>
    private sealed class BreakingJournal(RedisJournal inner) : IUnloadedJournal
    {
        private readonly TaskCompletionSource _broke = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public volatile bool IsBroken;

        public Task Broke => _broke.Task;

        public Task<JournalOpening> OpenAsync(int partition, Shelf shelf, CancellationToken cancel) => inner.OpenAsync(partition, shelf, cancel);

        public Task<JournalOpening> OpenUnloadedAsync(int partition, Shelf shelf, CancellationToken cancel) => inner.OpenUnloadedAsync(partition, shelf, cancel);

        public Task CommitAsync(JournalEntry entry)
        {
            var committed = inner.CommitAsync(entry);
            if (!IsBroken) return committed;
            _broke.TrySetResult();
            return Task.FromException(new InvalidOperationException("killed"));
        }
    }
}

/// <summary>A clock that stands still, with real timers: only the records of the test say what time it is.</summary>
internal sealed class StandingClock(long nowMs) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(nowMs);
}
