using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.States;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Grains;

/// <summary>
/// The owner of a partition whose people live in grains: reads a slice, hands each person's records to that person's grain in one call, commits all
/// answers with the position in one fenced save, and only then reads on. So the position is always the end of a contiguous prefix, and whatever
/// a dead silo or a repeated call left in somebody's memory, what counts is what was saved.
/// </summary>
internal sealed partial class GrainOwner(int partition, GrainOwners shared, ActorCalls calls, ILogger logger)
    : PartitionOwner(partition, shared.Log, shared.Journal, shared.Processor, shared.Steps, shared.Time, logger)
{
    private const int FactBytesMax = 12 << 20;

    // Lines and costs that the books have read; over it all are forgotten, and read again when they are needed.
    private const int DeskStatesMax = 50_000;

    private PublishedState _rules = new([]);

    protected override async Task<JournalOpening> LoadAsync(CancellationToken cancel)
    {
        calls.Forget();
        await ForgetSweepAsync();
        var opening = await shared.Journal.OpenUnloadedAsync(Partition, Shelf, cancel);
        await FetchAsync([Route.PublishedShelfKey], cancel);
        ReadRules();
        await LookWhoIsNextAsync(cancel);
        return opening;
    }

    protected override async Task TakeAsync(LogSlice slice, CancellationToken cancel)
    {
        var (rest, offset, countMax) = (slice.Bytes, slice.FirstOffset, long.MaxValue);
        while (offset < slice.Next)
        {
            cancel.ThrowIfCancellationRequested();
            var plan = StepPlan.Of(rest, Math.Min(slice.Next - offset, countMax));
            await Step.WaitAsync(cancel);
            try
            {
                if (plan.Kind == RouteKind.Clock) await WakeAsync(Judge.WholeSeconds(TimeOf(plan)), cancel);
                // Answers that no commit can hold are thrown away; fewer records give fewer of them.
                if (!await TryCommitAsync(plan.Batches, plan.Desk, offset + plan.Count, plan.Count > 1, cancel))
                {
                    countMax = Math.Max(1, plan.Count / 2);
                    continue;
                }
                // Between new rules and the end of the sweep the clock belongs to the rules.
                if (plan.Kind == RouteKind.Rules || plan.Kind == RouteKind.Clock && Core.MustSweep) ReadRules();
            }
            finally { Step.Release(); }
            (rest, offset, countMax) = (rest[plan.Bytes..], offset + plan.Count, long.MaxValue);
        }
    }

    /// <summary>Asks the grains, works on the books, saves and publishes. False when that was too much for one commit; then nothing has happened.</summary>
    private async Task<bool> TryCommitAsync(
        IReadOnlyList<ActorBatch> batches, IReadOnlyList<(ReadOnlyMemory<byte> Record, byte[] ShelfKey)> desk, long absorbed, bool canBeLess, CancellationToken cancel)
    {
        var answers = await calls.AskAsync(batches, Epoch, _rules, cancel);
        if (canBeLess && !Fits(answers)) return false;
        await FetchAsync(desk.Select(d => d.ShelfKey).Where(k => k.Length > 0), cancel);
        Task committed;
        lock (Shelf.Gate)
        {
            foreach (var (record, _) in desk) Core.Handle(record);
            foreach (var (answer, _) in answers)
            {
                Core.Bench.Outbox.Take(answer.Facts, [.. answer.Messages.Select(m => new JournalMessages(m.Partition, m.Count, m.Bytes))]);
                Core.Bench.Counters.Add(Counters.Read(answer.Counters));
            }
            committed = Commit(absorbed, chunk => Write(chunk, batches, answers));
        }
        await committed;
        Absorbed(absorbed);
        calls.Saved(batches, answers);
        Note(answers);
        if (Shelf.Count > DeskStatesMax) ForgetDesk();
        return true;
    }

    private static bool Fits(Answered[] answers) =>
        answers.Sum(a => (long)a.Answer.State.Length + Shelf.KeyBytesMax) <= StepStateBytesMax && answers.Sum(a => (long)a.Answer.Facts.Length) <= FactBytesMax;

    private static void Write(StateChunkWriter chunk, IReadOnlyList<ActorBatch> batches, Answered[] answers)
    {
        for (var i = 0; i < answers.Length; i++)
            if (answers[i].Answer is { IsChanged: true } answer) chunk.Put(batches[i].ShelfKey, answer.DueSeconds, answer.State);
    }

    private void ReadRules()
    {
        lock (Shelf.Gate) _rules = new PublishedState(Shelf.TryGet(Route.PublishedShelfKey, out var state) ? state.ToArray() : []);
    }

    // The books' own states come from where they are saved, each once.
    private async Task FetchAsync(IEnumerable<byte[]> shelfKeys, CancellationToken cancel)
    {
        var missing = new List<byte[]>();
        lock (Shelf.Gate) missing.AddRange(shelfKeys.Where(k => !Shelf.TryGet(k, out _)));
        if (missing.Count == 0) return;
        var states = await Task.WhenAll(missing.Select(k => shared.States.ReadAsync(Partition, k, cancel).AsTask()));
        lock (Shelf.Gate)
        {
            for (var i = 0; i < states.Length; i++)
                if (states[i] is { } state) Shelf.Put(missing[i], state, 0);
            // Nothing of this is a change.
            Shelf.Seal();
        }
    }

    private void ForgetDesk()
    {
        lock (Shelf.Gate)
        {
            for (var slot = 0; slot < Shelf.SlotCount; slot++)
                if (Shelf.TryReadSlot(slot, out var key, out _) && !key.SequenceEqual(Route.PublishedShelfKey)) Shelf.Remove(key.ToArray());
            // Only from memory: the seal leaves the removals out of the next commit.
            Shelf.Seal();
        }
    }

    private static long TimeOf(StepPlan plan)
    {
        var reader = new RecordReader();
        return reader.TryRead(plan.Desk[0].Record) ? reader.TimeMs : 0;
    }
}
