using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Grains;

/// <summary>
/// Calls the grains of one partition, some side by side. A call that fails is made again under a new number, so that an answer that comes late
/// never passes for the one that was saved.
/// </summary>
internal sealed class ActorCalls(int partition, IGrainFactory grains, GrainsOptions options, GrainsTelemetry telemetry, TimeProvider time)
{
    // Which call's answer was saved last, by the hash of the actor's key. Two actors of one hash only make each other read again.
    private readonly Dictionary<ulong, long> _saved = [];
    private long _numbers;

    /// <summary>Everything is read again: a new epoch has begun.</summary>
    public void Forget() => _saved.Clear();

    /// <summary>The answers, each at the place of its batch.</summary>
    /// <exception cref="FencedException">The partition has a newer owner.</exception>
    /// <exception cref="LogUnavailableException">A grain could not be reached, or could not read its state, for too long.</exception>
    public async Task<Answered[]> AskAsync(IReadOnlyList<ActorBatch> batches, long epoch, PublishedState rules, CancellationToken cancel)
    {
        var answers = new Answered[batches.Count];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = options.CallsMax, CancellationToken = cancel };
        await Parallel.ForAsync(0, batches.Count, limits, async (i, stop) => answers[i] = await AskAsync(batches[i], epoch, rules, stop));
        return answers;
    }

    /// <summary>These answers are durable: whoever gave them may rely on his memory.</summary>
    public void Saved(IReadOnlyList<ActorBatch> batches, Answered[] answers)
    {
        if (_saved.Count + batches.Count > options.RememberedMax) _saved.Clear();
        for (var i = 0; i < batches.Count; i++) _saved[batches[i].Hash] = answers[i].Number;
    }

    private async Task<Answered> AskAsync(ActorBatch batch, long epoch, PublishedState rules, CancellationToken cancel)
    {
        var grain = GrainOf(batch.ShelfKey);
        var since = _saved.GetValueOrDefault(batch.Hash);
        var records = batch.Records;
        byte[]? sent = null;
        for (var attempt = 1; ; attempt++)
        {
            var call = new ActorCall
            {
                Partition = partition, Epoch = epoch, Number = Interlocked.Increment(ref _numbers), Since = since, ShelfKey = batch.ShelfKey, Records = records,
                WakeMs = batch.WakeMs, RulesHash = rules.Hash, Rules = sent,
            };
            var reason = "";
            try
            {
                var answer = await grain.WorkAsync(call).WaitAsync(options.CallTimeout * 2, time, cancel);
                switch (answer.Kind)
                {
                    case AnswerKind.Done:
                        telemetry.Called();
                        return new Answered(answer, call.Number);
                    case AnswerKind.Fenced: throw new FencedException(partition, epoch);
                    case AnswerKind.NeedsRules:
                        sent = rules.Bytes;
                        continue;
                    default:
                        reason = answer.Reason;
                        break;
                }
            }
            catch (Exception e) when (e is Orleans.Runtime.OrleansException or TimeoutException or System.Net.Sockets.SocketException) { reason = e.GetType().Name; }
            if (attempt >= options.CallAttemptsMax) throw new LogUnavailableException("grains", $"A grain of partition {partition} did not answer in {attempt} attempts ({reason}).");
            telemetry.Repeated();
            await Task.Delay(options.CallPause, time, cancel);
        }
    }

    private IActorGrain GrainOf(byte[] shelfKey)
    {
        ActorKey.Split(shelfKey, out _, out var key);
        var name = Id.OfBytes(shelfKey).ToString();
        return key[0] switch
        {
            ActorKey.Visitor => grains.GetGrain<IVisitorGrain>(name),
            ActorKey.Lead => grains.GetGrain<ILeadGrain>(name),
            _ => grains.GetGrain<IIdentifierGrain>(name),
        };
    }
}

/// <param name="Number">Of the call that it answers.</param>
internal readonly record struct Answered(ActorAnswer Answer, long Number);

/// <summary>The published rules of a partition, as they are saved, and their hash.</summary>
internal sealed record PublishedState(byte[] Bytes)
{
    public ulong Hash { get; } = XxHash.Hash64(Bytes);
}
