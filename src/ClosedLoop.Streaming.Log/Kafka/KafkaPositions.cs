using Confluent.Kafka;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// Committed positions of named readers: offsets of a consumer group of that name, which nobody joins. Commits that wait at the same time
/// become one; the last one of a reader and partition counts. A broker forgets the offsets of a group that is silent for
/// offsets.retention.minutes, so positions that are known here are committed again from time to time.
/// </summary>
internal sealed class KafkaPositions(KafkaClients clients) : IDisposable
{
    private const int TriesMax = 20;
    private static readonly TimeSpan _againAfter = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, Reader> _readers = new(StringComparer.Ordinal);

    private sealed class Reader(IConsumer<Ignore, Ignore> consumer)
    {
        public IConsumer<Ignore, Ignore> Consumer { get; } = consumer;
        public Lock Gate { get; } = new();
        public Dictionary<TopicPartition, long> Waiting { get; set; } = [];
        public Dictionary<TopicPartition, long> Known { get; } = [];
        public TaskCompletionSource Done { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public bool IsCommitting { get; set; }
    }

    public async ValueTask<long> GetAsync(string name, TopicPartition at, CancellationToken cancel)
    {
        var reader = Of(name);
        var found = await Task.Run(() => Try("position", () => reader.Consumer.Committed([at], clients.Options.ConnectTimeout)), cancel).ConfigureAwait(false);
        return Math.Max(0, found[0].Offset.Value);
    }

    public Task Commit(string name, TopicPartition at, long next)
    {
        var reader = Of(name);
        lock (reader.Gate)
        {
            reader.Waiting[at] = next;
            if (!reader.IsCommitting)
            {
                reader.IsCommitting = true;
                _ = Task.Run(() => CommitWaiting(reader));
            }
            return reader.Done.Task;
        }
    }

    /// <summary>Commits again what is known, so that the broker goes on remembering it.</summary>
    public void Refresh()
    {
        Reader[] readers;
        lock (_readers) readers = [.. _readers.Values];
        foreach (var reader in readers)
        {
            lock (reader.Gate)
            {
                if (reader.IsCommitting || reader.Known.Count == 0) continue;
                foreach (var (at, next) in reader.Known) reader.Waiting.TryAdd(at, next);
                reader.IsCommitting = true;
            }
            CommitWaiting(reader);
        }
    }

    public void Dispose()
    {
        lock (_readers)
            foreach (var reader in _readers.Values) reader.Consumer.Dispose();
    }

    private void CommitWaiting(Reader reader)
    {
        while (true)
        {
            Dictionary<TopicPartition, long> batch;
            TaskCompletionSource done;
            lock (reader.Gate)
            {
                if (reader.Waiting.Count == 0)
                {
                    reader.IsCommitting = false;
                    return;
                }
                (batch, done) = (reader.Waiting, reader.Done);
                (reader.Waiting, reader.Done) = ([], new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
            try
            {
                Try("commit", () =>
                {
                    reader.Consumer.Commit(batch.Select(b => new TopicPartitionOffset(b.Key, b.Value)));
                    return true;
                });
                lock (reader.Gate)
                    foreach (var (at, next) in batch) reader.Known[at] = next;
                done.SetResult();
            }
            catch (LogUnavailableException e) { done.SetException(e); }
        }
    }

    // A coordinator that is just moving says so; it is asked again for a while.
    private static T Try<T>(string what, Func<T> ask)
    {
        for (var tries = 1; ; tries++)
        {
            try { return ask(); }
            catch (KafkaException e) when (tries < TriesMax && e.Error.Code is ErrorCode.GroupLoadInProgress or ErrorCode.GroupCoordinatorNotAvailable
                or ErrorCode.NotCoordinatorForGroup or ErrorCode.Local_WaitCoord or ErrorCode.NotLeaderForPartition)
            {
                Thread.Sleep(_againAfter);
            }
            catch (KafkaException e) { throw KafkaRefusals.Away(what, e); }
            catch (ObjectDisposedException) { throw Refusals.Stopping; }
        }
    }

    private Reader Of(string name)
    {
        lock (_readers)
        {
            if (_readers.TryGetValue(name, out var reader)) return reader;
            var consumer = new ConsumerBuilder<Ignore, Ignore>(clients.Reading(name)).SetErrorHandler(KafkaClients.Ignore).SetLogHandler(KafkaClients.Ignore).Build();
            return _readers[name] = new Reader(consumer);
        }
    }
}
