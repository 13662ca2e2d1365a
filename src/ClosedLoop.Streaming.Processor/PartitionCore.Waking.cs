using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Who is looked at without a hit: people whose silence is over, and everybody after a change of rules.</summary>
public sealed partial class PartitionCore
{
    private void OnTick(RecordReader tick)
    {
        if (Bench.Rules.Pass(tick)) SaveRules();
        while (Bench.Shelf.TryTakeDue(tick.TimeMs / 1000, out int slot)) Wake(slot, Judge.WholeSeconds(tick.TimeMs));
    }

    internal void Wake(int slot, long nowMs)
    {
        if (!Bench.Shelf.TryReadSlot(slot, out var shelfKey, out var state)) return;
        var (ownKey, ownState) = (shelfKey.ToArray(), state.ToArray());
        ActorKey.Split(ownKey, out var site, out var key);
        if (key.IsEmpty) return;
        if (key[0] == ActorKey.Visitor) _visitor.OnDue(site, key, ownState, nowMs);
        else if (key[0] == ActorKey.Lead) _lead.OnDue(site, key, ownState, nowMs);
    }

    /// <summary>
    /// Re-judges the next people by new rules, at the moment of publication; may stop and go on at any time, because whoever is met earlier
    /// by a hit is judged the same. True when everybody has been seen.
    /// </summary>
    public bool Sweep(int peopleMax)
    {
        if (!Bench.Rules.HasOlder) return true;
        if (_sweepSlot < 0) _sweepSlot = 0;
        var published = Bench.Rules.Current.PublishedMs;
        for (var seen = 0; seen < peopleMax && _sweepSlot < Bench.Shelf.SlotCount; _sweepSlot++)
        {
            if (!Bench.Shelf.TryReadSlot(_sweepSlot, out var shelfKey, out _)) continue;
            ActorKey.Split(shelfKey, out _, out var key);
            if (key.IsEmpty || key[0] is not (ActorKey.Visitor or ActorKey.Lead)) continue;
            seen++;
            Wake(_sweepSlot, published);
        }
        if (_sweepSlot < Bench.Shelf.SlotCount) return false;
        _sweepSlot = -1;
        Bench.Rules.ForgetOlder();
        SaveRules();
        return true;
    }
}
