using ClosedLoop.Streaming.Processor;

namespace ClosedLoop.Streaming.Grains;

/// <summary>Whose silence is over, and everybody after a change of rules: found where the states are saved, because most of them sleep there.</summary>
internal sealed partial class GrainOwner
{
    private const int WakeMax = 1000;

    private IAsyncEnumerator<(byte[] Key, byte[] State)>? _sweep;
    private long _nextDue = long.MaxValue;

    protected override long NextDueSeconds => Volatile.Read(ref _nextDue);

    // In pages, each committed before the position moves on: after a crash the clock record finds those that are left.
    private async Task WakeAsync(long nowMs, CancellationToken cancel)
    {
        var (skip, countMax) = (0, WakeMax);
        while (true)
        {
            var page = await shared.Sleepers.FirstAsync(Partition, (uint)Math.Clamp(nowMs / 1000, 0, uint.MaxValue), skip, countMax, cancel);
            if (page.Count == 0) break;
            var batches = page.Select(s => new ActorBatch(s.Key, nowMs)).ToList();
            if (!await TryCommitAsync(batches, [], Next, batches.Count > 1, cancel))
            {
                countMax = Math.Max(1, countMax / 2);
                continue;
            }
            // Who is due still, though he was looked at, is not looked at again.
            var left = await shared.Sleepers.FirstAsync(Partition, (uint)Math.Clamp(nowMs / 1000, 0, uint.MaxValue), skip, page.Count, cancel);
            var seen = page.Select(s => Convert.ToHexString(s.Key)).ToHashSet(StringComparer.Ordinal);
            skip += left.Count(s => seen.Contains(Convert.ToHexString(s.Key)));
        }
        await LookWhoIsNextAsync(cancel);
    }

    protected override async Task SweepAsync(CancellationToken cancel)
    {
        await Step.WaitAsync(cancel);
        try
        {
            _sweep ??= shared.States.ScanAsync(Partition, CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
            var published = Core.Bench.Rules.Current.PublishedMs;
            var batches = new List<ActorBatch>();
            var isOver = false;
            while (batches.Count < Math.Clamp(shared.Processor.SweepPeoplePerSecond / 100, 1, WakeMax) && !(isOver = !await _sweep.MoveNextAsync()))
                if (IsPerson(_sweep.Current.Key)) batches.Add(new ActorBatch(_sweep.Current.Key, published));
            for (var at = 0; at < batches.Count;)
            {
                var part = batches.GetRange(at, batches.Count - at);
                while (!await TryCommitAsync(part, [], Next, part.Count > 1, cancel)) part = part.GetRange(0, Math.Max(1, part.Count / 2));
                at += part.Count;
            }
            if (!isOver) return;
            await ForgetSweepAsync();
            // Of the books alone, which have no people: this only lets go of the older rules.
            lock (Shelf.Gate) Core.Sweep(int.MaxValue);
            await TryCommitAsync([], [], Next, canBeLess: false, cancel);
            ReadRules();
        }
        finally { Step.Release(); }
    }

    private static bool IsPerson(byte[] shelfKey)
    {
        ActorKey.Split(shelfKey, out _, out var key);
        return !key.IsEmpty && key[0] is ActorKey.Visitor or ActorKey.Lead;
    }

    private async Task ForgetSweepAsync()
    {
        if (_sweep is not null) await _sweep.DisposeAsync();
        _sweep = null;
    }

    private async Task LookWhoIsNextAsync(CancellationToken cancel)
    {
        var first = await shared.Sleepers.FirstAsync(Partition, uint.MaxValue, 0, 1, cancel);
        Volatile.Write(ref _nextDue, first.Count > 0 ? first[0].DueSeconds : long.MaxValue);
    }

    // May be too early, never too late: who was due earlier is looked up at the next clock record.
    private void Note(Answered[] answers)
    {
        foreach (var (answer, _) in answers)
            if (answer is { IsChanged: true, DueSeconds: > 0 } && answer.DueSeconds < _nextDue) Volatile.Write(ref _nextDue, answer.DueSeconds);
    }
}
