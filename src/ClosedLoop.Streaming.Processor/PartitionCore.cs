using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// What one partition does with each record of the log: the whole decision, without network, disk or clock. Given the same records in the
/// same order it leaves the same states, facts and messages, to the byte; embedded, distributed, in the simulator and in a replay alike.
/// </summary>
public sealed partial class PartitionCore
{
    /// <summary>Bytes that are kept of a record that nobody can work on.</summary>
    private const int PoisonBytesMax = 16 * 1024;

    private readonly RecordReader _record = new();
    private readonly Counters _before = new();
    private readonly VisitorActor _visitor;
    private readonly OrderActor _order;
    private readonly LeadActor _lead;
    private readonly CostDesk _costs;
    private readonly RunDesk _runs;
    private int _sweepSlot = -1;
    private long _nowMs;
    private ulong _hash;

    public PartitionCore(Shelf shelf, int partitions)
    {
        Bench = new Workbench(shelf, partitions);
        _visitor = new VisitorActor(Bench);
        _order = new OrderActor(Bench);
        _lead = new LeadActor(Bench);
        _costs = new CostDesk(Bench);
        _runs = new RunDesk(Bench);
    }

    public Workbench Bench { get; }

    /// <summary>Somebody still stands as older rules judged; <see cref="Sweep"/> has work.</summary>
    public bool MustSweep => Bench.Rules.HasOlder;

    /// <summary>Takes up where the journal says that the partition stands.</summary>
    public void Open(ReadOnlySpan<byte> counters)
    {
        Bench.Restore(Counters.Read(counters));
        var published = Bench.Load(default, ActorKey.PublishedKey);
        Bench.Rules.Read(published.ToArray());
    }

    /// <param name="bytes">One record.</param>
    /// <param name="hash">Of its site and key where <see cref="Lookahead"/> has it already; 0 otherwise.</param>
    public void Handle(ReadOnlyMemory<byte> bytes, ulong hash = 0)
    {
        _hash = hash;
        Bench.Outbox.Mark();
        Bench.Credit.Forget();
        _before.CopyFrom(Bench.Counters);
        if (!_record.TryRead(bytes) || !Admission.IsSound(_record))
        {
            Poison(bytes, "unreadable_record"u8);
            return;
        }
        _nowMs = Math.Max(_nowMs, _record.TimeMs);
        try { Dispatch(_record); }
        catch (Exception e) when (e is StateFormatException or InvalidDataException) { TakeBack(bytes, "unreadable_record"u8); }
        catch (Exception e) when (e is RecordTooLargeException or StateTooLargeException) { TakeBack(bytes, "person_too_large"u8); }
    }

    private void Dispatch(RecordReader record)
    {
        switch (record.Kind)
        {
            case RecordKind.Event: OnEvent(record); break;
            case RecordKind.Refused: OnRefused(record); break;
            case RecordKind.TotalsOnly: OnTotals(record); break;
            case RecordKind.Tick: OnTick(record); break;
            case RecordKind.Published: OnPublished(record); break;
            case RecordKind.IdentifierGiven: _order.OnClaimed(record); break;
            case RecordKind.HistoryHanded: _lead.OnHanded(record); break;
            case RecordKind.LeadMet: _lead.OnMet(record); break;
            case RecordKind.PartHanded: _lead.OnPart(record); break;
            case RecordKind.VisitorMet: _visitor.OnMet(record); break;
            case RecordKind.Forwarded or RecordKind.EventPassed when record.Key[0] == ActorKey.Visitor: _visitor.OnForwarded(record); break;
            case RecordKind.Forwarded or RecordKind.EventPassed: _lead.OnForwarded(record); break;
            case RecordKind.Released when record.Key[0] == ActorKey.Visitor: _visitor.OnReleased(record); break;
            case RecordKind.Released: _lead.OnReleased(record); break;
            case RecordKind.CostGiven: _costs.OnGiven(record); break;
            case RecordKind.CreditRun: _runs.OnRun(record); break;
        }
    }

    private void OnEvent(RecordReader e)
    {
        Bench.Counters.Received++;
        if (e.Key[0] == ActorKey.Visitor) _visitor.OnEvent(e, _hash);
        else if (OrderActor.IsOrder(e.Key)) _order.OnEvent(e);
        else IdentifierActor.OnEvent(Bench, e);
    }

    private void OnRefused(RecordReader refused)
    {
        Bench.Counters.Received++;
        if (refused.Has(Field.EventId) && !IsNewLine(refused))
        {
            Bench.Counters.Duplicates++;
            return;
        }
        Bench.Counters.Refused++;
        Bench.Facts.About(refused.Site, default, refused.Id, refused.TimeMs);
        Bench.Facts.Begin(RecordKind.HitRefused).Add(Field.Payload, refused.Record.Span);
        Bench.Facts.Send();
    }

    // A malformed line of an imported file is remembered for ever, like the good ones.
    private bool IsNewLine(RecordReader refused)
    {
        var key = ActorKey.OfLine(refused[Field.EventId]);
        if (!Bench.Load(refused.Site, key).IsEmpty) return false;
        Bench.Save(refused.Site, key, "1"u8, 0);
        return true;
    }

    private void OnTotals(RecordReader totals)
    {
        Bench.Counters.Received++;
        Bench.Counters.TotalsOnly++;
        Bench.Facts.About(totals.Site, default, totals.Id, totals.TimeMs);
        Bench.Facts.Begin(RecordKind.TotalsCounted).Add(Field.Name, totals[Field.Name]).Add(Field.Door, totals[Field.Door]).Add(Field.Reason, totals[Field.Reason]);
        Bench.Facts.Send();
    }

    // Half a decision is none: what was told of this record so far is taken back before it is refused.
    private void TakeBack(ReadOnlyMemory<byte> bytes, ReadOnlySpan<byte> reason)
    {
        Bench.Outbox.TakeBack();
        Bench.Counters.CopyFrom(_before);
        Poison(bytes, reason);
    }

    // What nobody can work on is kept as refused, with its bytes, and the next record goes on.
    private void Poison(ReadOnlyMemory<byte> bytes, ReadOnlySpan<byte> reason)
    {
        // A hit that was sent on has been counted as received where it came in.
        var isForwarded = bytes.Length > 1 && bytes.Span[1] == (byte)RecordKind.Forwarded;
        if (isForwarded) Bench.Counters.ForwardedIn++;
        else Bench.Counters.Received++;
        Bench.Counters.Refused++;
        Bench.Counters.Poison++;
        var id = Id.OfBytes(bytes.Span);
        var payload = bytes.Span[..Math.Min(bytes.Length, PoisonBytesMax)];
        var refused = new RecordWriter(payload.Length + 256).Begin(RecordKind.Refused, _nowMs, id, default, default)
            .Add(Field.Reason, reason).Add(Field.Payload, payload).Add(Field.Door, "log"u8);
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
        Bench.Save(default, ActorKey.PublishedKey, Bench.Blob.Written, 0);
    }
}
