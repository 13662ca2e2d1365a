using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// The way in: one idempotent producer for all topics of the process. Nobody waits for one record: every append has its own task, and the
/// library gathers what comes within a few milliseconds. Bytes under way are counted here, so that a broker that is away fills no memory.
/// </summary>
internal sealed class KafkaAppends : IDisposable
{
    private readonly KafkaClients _clients;
    private readonly LogTelemetry _telemetry;
    private readonly ILogger _logger;
    private readonly Action<int, long> _confirmed;
    private readonly Lock _replacing = new();
    private IProducer<Null, byte[]> _producer;
    private long _waitingBytes;
    private volatile bool _isStopping;
    private volatile bool _isBroken;

    /// <param name="confirmed">Told the lane and the offset of every confirmed record.</param>
    public KafkaAppends(KafkaClients clients, LogTelemetry telemetry, ILogger logger, Action<int, long> confirmed)
    {
        (_clients, _telemetry, _logger, _confirmed) = (clients, telemetry, logger, confirmed);
        _producer = clients.Producer(Failed);
    }

    public long WaitingBytes => Interlocked.Read(ref _waitingBytes);

    public Task Append(int lane, TopicPartition at, ReadOnlySpan<byte> record)
    {
        var options = _clients.Options;
        if (record.Length > options.RecordBytesMax)
        {
            _telemetry.Refused(Refusals.TooLargeReason, 1);
            throw KafkaRefusals.TooLarge(record.Length, options.RecordBytesMax);
        }
        if (_isStopping) return Refused(Refusals.Stopping);
        var delivery = new Delivery(this, lane, record.Length);
        if (Interlocked.Add(ref _waitingBytes, delivery.Bytes) > options.QueueBytesMax)
        {
            Interlocked.Add(ref _waitingBytes, -delivery.Bytes);
            return Refused(KafkaRefusals.QueueFull);
        }
        try
        {
            Producer().Produce(at, new Message<Null, byte[]> { Value = record.ToArray() }, delivery.Report);
            return delivery.Task;
        }
        catch (Exception e) when (e is KafkaException or ObjectDisposedException)
        {
            Interlocked.Add(ref _waitingBytes, -delivery.Bytes);
            return Refused(e is KafkaException kafka ? KafkaRefusals.Append(kafka.Error) : Refusals.Stopping);
        }
    }

    public void Dispose()
    {
        _isStopping = true;
        lock (_replacing)
        {
            _producer.Flush(_clients.Options.AppendTimeout);
            _producer.Dispose();
        }
    }

    private Task Refused(LogUnavailableException refusal)
    {
        _telemetry.Refused(refusal.Reason, 1);
        return Task.FromException(refusal);
    }

    private void Failed(Error error)
    {
        if (!error.IsFatal) return;
        _isBroken = true;
        KafkaMessages.ProducerBroken(_logger, error.Reason);
    }

    // An idempotent producer that lost its place with the broker never finds it again; a new one begins a new sequence.
    private IProducer<Null, byte[]> Producer()
    {
        if (!_isBroken) return _producer;
        lock (_replacing)
        {
            if (!_isBroken || _isStopping) return _producer;
            var old = _producer;
            _producer = _clients.Producer(Failed);
            _isBroken = false;
            _ = Task.Run(old.Dispose);
        }
        return _producer;
    }

    /// <summary>One record under way.</summary>
    private sealed class Delivery(KafkaAppends appends, int lane, int bytes)
    {
        // What the library keeps beside the bytes, about.
        private const int OverheadBytes = 200;

        private readonly long _began = Stopwatch.GetTimestamp();
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Bytes => bytes + OverheadBytes;

        public Task Task => _done.Task;

        public void Report(DeliveryReport<Null, byte[]> report)
        {
            Interlocked.Add(ref appends._waitingBytes, -Bytes);
            if (report.Error.IsError)
            {
                var refusal = KafkaRefusals.Append(report.Error);
                appends._telemetry.Refused(refusal.Reason, 1);
                _done.TrySetException(refusal);
                return;
            }
            appends._confirmed(lane, report.Offset.Value);
            appends._telemetry.Appended(Stopwatch.GetElapsedTime(_began));
            _done.TrySetResult();
        }
    }
}
