using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Warehouse.Native;

namespace ClosedLoop.Streaming.Warehouse.Tables;

/// <summary>HitRefused → refused_hits: what could not be understood, why, and the bytes themselves.</summary>
internal sealed class RefusedHitsTable : FactTable
{
    private readonly RecordReader _hit = new();
    private readonly TextColumn _site, _factId, _hitId, _door, _reason, _detail, _payload;
    private readonly MomentColumn _received;

    public RefusedHitsTable() : base("refused_hits")
    {
        (_site, _factId, _hitId, _received) = (Text("site"), Text("fact_id"), Text("hit_id"), Moment("received_at"));
        (_door, _reason, _detail, _payload) = (Text("door"), Text("reason"), Text("detail"), Text("payload"));
    }

    public override long MonthMs(RecordReader fact) => fact.TimeMs;

    protected override void Fill(RecordReader fact, FactPlace place)
    {
        // The fact holds the whole refused record; should the processor itself refuse a hit, its reason stands on the fact.
        var inner = _hit.TryRead(fact.Memory(Field.Payload)) ? _hit : fact;
        _site.Add(fact.Site.IsEmpty ? inner.Site : fact.Site);
        _factId.Add(fact.Id);
        _hitId.Add(ReferenceEquals(inner, fact) ? fact.IdOf(Field.CauseId) : inner.Id);
        _received.Add(fact.TimeMs);
        _door.Add(fact.Has(Field.Door) ? fact[Field.Door] : inner[Field.Door]);
        _reason.Add(fact.Has(Field.Reason) ? fact[Field.Reason] : inner[Field.Reason]);
        _detail.Add(fact.Has(Field.Detail) ? fact[Field.Detail] : inner[Field.Detail]);
        _payload.Add(inner[Field.Payload]);
    }
}

/// <summary>TotalsCounted → totals: opted-out hits, counted without any id.</summary>
internal sealed class TotalsTable : FactTable
{
    private readonly TextColumn _site, _factId, _event, _door, _reason;
    private readonly MomentColumn _counted;

    public TotalsTable() : base("totals")
    {
        (_site, _factId, _counted) = (Text("site"), Text("fact_id"), Moment("counted_at"));
        (_event, _door, _reason) = (Text("event"), Text("door"), Text("reason"));
    }

    public override long MonthMs(RecordReader fact) => fact.TimeMs;

    protected override void Fill(RecordReader fact, FactPlace place)
    {
        _site.Add(fact.Site);
        _factId.Add(fact.Id);
        _counted.Add(fact.TimeMs);
        _event.Add(fact[Field.Name]);
        _door.Add(fact[Field.Door]);
        _reason.Add(fact[Field.Reason]);
    }
}

/// <summary>What no other table could take: named, with its place in the log, so that nothing is thrown away.</summary>
internal sealed class UnreadableFactsTable : FactTable
{
    /// <summary>Bytes of the record that are kept.</summary>
    public const int PayloadBytesMax = 16 * 1024;

    private readonly TextColumn _reason, _payload;
    private readonly NumberColumn _partition, _offset;

    public UnreadableFactsTable() : base("unreadable_facts")
    {
        (_partition, _offset) = (Number("log_partition", 2), Number("log_offset", 8));
        (_reason, _payload) = (Text("reason"), Text("payload"));
    }

    public override long MonthMs(RecordReader fact) => 0;

    protected override void Fill(RecordReader fact, FactPlace place) =>
        throw new NotSupportedException("Unreadable facts are added with their reason.");

    public void Append(ReadOnlySpan<byte> record, string reason, FactPlace place)
    {
        _partition.Add(place.Partition);
        _offset.Add(place.Offset);
        _reason.Add(System.Text.Encoding.UTF8.GetBytes(reason));
        _payload.Add(record[..Math.Min(record.Length, PayloadBytesMax)]);
        Counted();
    }
}
