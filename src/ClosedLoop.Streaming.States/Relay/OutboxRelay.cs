using ClosedLoop.Streaming.Log;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// Embedded states beside a log elsewhere (Kafka without Redis). The journal then commits facts and messages into the embedded file's own log,
/// in the same transaction as the states; this brings them from there into the log that everybody reads, in order and once, and deletes them.
/// After a crash what is there already is found by its content.
/// </summary>
public sealed partial class OutboxRelay(EmbeddedFile file, ILog log, ILogIdentity identity, TimeProvider time, ILogger<OutboxRelay> logger) : BackgroundService, IRelay
{
    private const int ReadBytesMax = 1 << 20;
    private static readonly TimeSpan _againAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _trimEvery = TimeSpan.FromSeconds(10);

    private readonly EmbeddedLog _outbox = new(file);
    private readonly RelayBook _book = new(file);
    private readonly Publisher _publisher = new(log);

    private long[]? _relayed;

    public bool IsDrained
    {
        get
        {
            if (Volatile.Read(ref _relayed) is not { } relayed) return false;
            for (var lane = 0; lane < relayed.Length; lane++)
                if (Volatile.Read(ref relayed[lane]) < _outbox.EndOffset(TopicOf(lane), lane % log.Partitions)) return false;
            return true;
        }
    }

    /// <exception cref="InvalidOperationException">The file belongs to another log, or has another number of partitions.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_outbox.Partitions != log.Partitions)
            throw new InvalidOperationException($"The embedded file was made with {_outbox.Partitions} partitions and the log has {log.Partitions}; both must have the same. Set Log:Partitions to {log.Partitions} and start with an empty data folder.");
        await _book.OpenAsync(identity.Identity).ConfigureAwait(false);
        Volatile.Write(ref _relayed, new long[2 * log.Partitions]);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var lanes = from topic in new[] { Topic.Facts, Topic.Hits } from partition in Enumerable.Range(0, log.Partitions) select RunAsync(topic, partition, stoppingToken);
        try { await Task.WhenAll(lanes).ConfigureAwait(false); }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left goes at the next start.
        }
    }

    private async Task RunAsync(Topic topic, int partition, CancellationToken cancel)
    {
        var place = _book.Find(topic, partition) ?? new RelayPlace(0, log.StartOffset(topic, partition));
        Relayed(topic, partition, place.Next);
        var trimmed = time.GetTimestamp();
        // What stood here when the last life ended may be there already, in part.
        var doubtful = _outbox.EndOffset(topic, partition);
        while (true)
        {
            try
            {
                var slice = await _outbox.ReadAsync(topic, partition, place.Next, ReadBytesMax, cancel).ConfigureAwait(false);
                var records = new Unpublished(topic, partition, place.Mark, slice.Count, slice.Bytes);
                if (slice.FirstOffset < doubtful) await _publisher.FinishAsync([records], cancel).ConfigureAwait(false);
                else await _publisher.PublishAsync([records]).ConfigureAwait(false);
                place = new RelayPlace(slice.Next, log.EndOffset(topic, partition));
                Relayed(topic, partition, slice.Next);
                await _book.WriteAsync(topic, partition, place).ConfigureAwait(false);
                if (time.GetElapsedTime(trimmed) < _trimEvery) continue;
                trimmed = time.GetTimestamp();
                await _outbox.TrimAsync(topic, partition, place.Next).ConfigureAwait(false);
            }
            catch (LogUnavailableException e)
            {
                Waiting(logger, topic, partition, e.Reason);
                await Task.Delay(_againAfter, time, cancel).ConfigureAwait(false);
                doubtful = _outbox.EndOffset(topic, partition);
            }
        }
    }

    private Topic TopicOf(int lane) => lane < log.Partitions ? Topic.Hits : Topic.Facts;

    private void Relayed(Topic topic, int partition, long next) =>
        Volatile.Write(ref _relayed![(topic == Topic.Hits ? 0 : log.Partitions) + partition], next);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Facts and messages of {Topic}/{Partition} wait in the embedded file: {Reason}. They are tried again.")]
    private static partial void Waiting(ILogger logger, Topic topic, int partition, string reason);
}
