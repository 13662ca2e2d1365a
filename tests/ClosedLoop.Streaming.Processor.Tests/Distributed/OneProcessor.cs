using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>
/// All that a processor's process has, with connections of its own: Kafka, the group, Redis. <see cref="KillAsync"/> ends it in the middle of a
/// commit, which may go on by itself for a moment as that of a frozen process would.
/// </summary>
internal sealed class OneProcessor : IAsyncDisposable
{
    private readonly KafkaLog _log;
    private readonly RedisLink _redis;
    private readonly RedisJournal _inner;
    private readonly BreakingJournal _journal;
    private readonly ProcessorTelemetry _telemetry = new();
    private readonly ProcessorService _service;
    private bool _isOver;

    private OneProcessor(KafkaLogOptions kafka, RedisLink redis, TimeProvider time)
    {
        _log = new KafkaLog(kafka, NullLogger<KafkaLog>.Instance);
        _redis = redis;
        _inner = new RedisJournal(redis, _log, _log);
        _journal = new BreakingJournal(_inner);
        _service = new ProcessorService(_log, _journal, new KafkaGroup(_log, NullLogger<KafkaGroup>.Instance), new ProcessorOptions { TickSeconds = 3600 },
            _telemetry, time, new Lifetime(), NullLogger<ProcessorService>.Instance);
    }

    public static async Task<OneProcessor> StartAsync(KafkaLogOptions kafka, RedisStatesOptions redis, TimeProvider time)
    {
        var one = new OneProcessor(kafka, await RedisLink.OpenAsync(redis), time);
        await one._service.StartAsync(CancellationToken.None);
        return one;
    }

    /// <summary>Partitions that are open here, with the next offset of each.</summary>
    public IEnumerable<(int Partition, long Next)> Open => _isOver ? [] : _service.Owners.Where(o => o.IsOpen).Select(o => (o.Partition, o.Next));

    public async Task KillAsync()
    {
        _journal.IsBroken = true;
        await _journal.Broke.WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOver) return;
        _isOver = true;
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
        await _inner.DisposeAsync();
        _log.Dispose();
        _redis.Dispose();
        _telemetry.Dispose();
        Environment.ExitCode = 0;
    }

    /// <summary>Once broken, a commit is begun and its caller dies without waiting for it.</summary>
    private sealed class BreakingJournal(IJournal inner) : IJournal
    {
        private readonly TaskCompletionSource _broke = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public volatile bool IsBroken;

        public Task Broke => _broke.Task;

        public Task<JournalOpening> OpenAsync(int partition, Shelf shelf, CancellationToken cancel) => inner.OpenAsync(partition, shelf, cancel);

        public Task CommitAsync(JournalEntry entry)
        {
            var committed = inner.CommitAsync(entry);
            if (!IsBroken) return committed;
            _broke.TrySetResult();
            return Task.FromException(new InvalidOperationException("killed"));
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;
        public CancellationToken ApplicationStopping => default;
        public CancellationToken ApplicationStopped => default;
        public void StopApplication() { }
    }
}

/// <summary>A clock that stands still, with real timers: only the records of the test say what time it is.</summary>
internal sealed class StandingClock(long nowMs) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(nowMs);
}
