using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// What one partition does with each record of the log: the whole decision, without network, disk or clock. Given the same records in the
/// same order it leaves the same states, facts and messages, to the byte; embedded, distributed, in the simulator and in a replay alike.
/// </summary>
public sealed class PartitionCore
{
    private static readonly byte[] PublishedKey = [ActorKey.Published];

    private readonly RecordReader _record = new();
    private readonly VisitorActor _visitor;
    private readonly IdentifierActor _identifier;
    private readonly LeadActor _lead;
    private int _sweepSlot = -1;
    private long _nowMs;

    public PartitionCore(Shelf shelf, int partitions)
    {
        Bench = new Workbench(shelf, partitions);
        _visitor = new VisitorActor(Bench);
        _identifier = new IdentifierActor(Bench);
        _lead = new LeadActor(Bench);
    }

    public Workbench Bench { get; }

    /// <summary>Somebody still stands as older rules judged; <see cref="Sweep"/> has work.</summary>
    public bool MustSweep => Bench.Rules.HasOlder;

    /// <summary>Takes up where the journal says that the partition stands.</summary>
    public void Open(ReadOnlySpan<byte> counters)
    {
        Bench.Restore(Counters.Read(counters));
        var published = Bench.Load(default, PublishedKey);
        Bench.Rules.Read(published.ToArray());
    }

    public void Handle(ReadOnlyMemory<byte> bytes)
    {
        if (!_record.TryRead(bytes))
        {
            Poison(bytes);
            return;
        }
        _nowMs = Math.Max(_nowMs, _record.TimeMs);
        try { Dispatch(_record); }
        catch (StateFormatException) { Poison(bytes); }
        catch (RecordTooLargeException) { Poison(bytes); }
    }

    private void Dispatch(RecordReader record)
    {
        switch (record.Kind)
        {
            case RecordKind.Event: OnEvent(record); break;
            case RecordKind.Refused: OnRefused(record); break;
            case RecordKind.TotalsOnly: OnTotals(record); break;
            case RecordKind.Tick: WakeDue(record.TimeMs); break;
            case RecordKind.Published: OnPublished(record); break;
            case RecordKind.LinkAsked: _identifier.OnLinkAsked(record); break;
            case RecordKind.IdentifierGiven: _identifier.OnGiven(record); break;
            case RecordKind.LinkMade: _visitor.OnLinked(record); break;
            case RecordKind.HistoryHanded: _lead.OnHanded(record); break;
            case RecordKind.Forwarded: _lead.OnForwarded(record); break;
            default: Poison(record.Record); break;
        }
    }

    private void OnEvent(RecordReader e)
    {
        Bench.Counters.Received++;
        switch (e.Key.IsEmpty ? 0 : e.Key[0])
        {
            case ActorKey.Visitor: _visitor.OnEvent(e); break;
            case ActorKey.Identifier: _identifier.OnEvent(e); break;
            default: Poison(e.Record, counted: true); break;
        }
    }

    private void OnRefused(RecordReader refused)
    {
        Bench.Counters.Received++;
        Bench.Counters.Refused++;
        Bench.Facts.About(refused.Site, default, refused.Id, refused.TimeMs);
        Bench.Facts.Begin(RecordKind.HitRefused).Add(Field.Payload, refused.Record.Span);
        Bench.Facts.Send();
    }

    private void OnTotals(RecordReader totals)
    {
        Bench.Counters.Received++;
        Bench.Counters.TotalsOnly++;
        Bench.Facts.About(totals.Site, default, totals.Id, totals.TimeMs);
        Bench.Facts.Begin(RecordKind.TotalsCounted).Add(Field.Name, totals[Field.Name]).Add(Field.Door, totals[Field.Door]).Add(Field.Reason, totals[Field.Reason]);
        Bench.Facts.Send();
    }

    // What nobody can read is kept as refused, with its bytes, and the next record goes on.
    private void Poison(ReadOnlyMemory<byte> bytes, bool counted = false)
    {
        if (!counted) Bench.Counters.Received++;
        Bench.Counters.Refused++;
        Bench.Counters.Poison++;
        var id = Id.OfBytes(bytes.Span);
        var payload = bytes.Span[..Math.Min(bytes.Length, 16 * 1024)];
        var refused = new RecordWriter(payload.Length + 256).Begin(RecordKind.Refused, _nowMs, id, default, default)
            .Add(Field.Reason, "unreadable_record"u8).Add(Field.Payload, payload).Add(Field.Door, "log"u8);
        Bench.Facts.About(default, default, id, _nowMs);
        Bench.Facts.Begin(RecordKind.HitRefused).Add(Field.Payload, refused.Written);
        Bench.Facts.Send();
    }

    private void OnPublished(RecordReader published)
    {
        if (!Bench.Rules.Take(published)) return;
        SaveRules();
        if (Bench.Rules.HasOlder) _sweepSlot = 0;
    }

    private void SaveRules()
    {
        Bench.Blob.Clear();
        Bench.Rules.Write(Bench.Blob);
        Bench.Save(default, PublishedKey, Bench.Blob.Written, 0);
    }

    private void WakeDue(long nowMs)
    {
        while (Bench.Shelf.TryTakeDue(nowMs / 1000, out int slot)) Wake(slot, nowMs);
    }

    private void Wake(int slot, long nowMs)
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
