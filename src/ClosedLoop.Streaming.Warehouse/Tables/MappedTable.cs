using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Warehouse.Native;

namespace ClosedLoop.Streaming.Warehouse.Tables;

/// <summary>
/// A table whose columns follow fields one to one: each declaration says column and field, and the row is filled in that order.
/// Every such table also has site, the fact's id and its time, and where it is about a person visitor_id and lead_id.
/// </summary>
internal abstract class MappedTable : FactTable
{
    private readonly List<Action<RecordReader>> _fill = [];
    private readonly TextColumn _site, _factId;
    private readonly TextColumn? _visitor, _lead;
    private readonly MomentColumn _recorded;

    /// <param name="ofPerson">False: the rows are about nobody, and have no visitor_id and lead_id.</param>
    protected MappedTable(string name, bool ofPerson = true) : base(name)
    {
        (_site, _factId) = (Text("site"), Text("fact_id"));
        if (ofPerson) (_visitor, _lead) = (Text("visitor_id"), Text("lead_id"));
        _recorded = Moment("recorded_at");
    }

    protected override void Fill(RecordReader fact, FactPlace place)
    {
        _site.Add(fact.Site);
        if (_visitor is not null) PersonColumns.AddVisitor(_visitor, fact);
        if (_lead is not null) PersonColumns.AddLead(_lead, fact);
        _factId.Add(fact.Id);
        _recorded.Add(fact.TimeMs);
        foreach (var fill in _fill) fill(fact);
    }

    protected void Text(string name, Field field)
    {
        var column = Text(name);
        _fill.Add(fact => column.Add(fact[field]));
    }

    protected void Id(string name, Field field)
    {
        var column = Text(name);
        _fill.Add(fact => PersonColumns.AddActor(column, fact[field]));
    }

    /// <summary>Unix ms; the fact's own time when absent.</summary>
    protected void Moment(string name, Field field)
    {
        var column = Moment(name);
        _fill.Add(fact => column.Add(fact.Int(field, fact.TimeMs)));
    }

    /// <summary>Unix ms; a fixed moment when absent.</summary>
    protected void Moment(string name, Field field, long otherwise)
    {
        var column = Moment(name);
        _fill.Add(fact => column.Add(fact.Int(field, otherwise)));
    }

    /// <summary>1 where the fact has the field at all: nothing and 0 are not the same.</summary>
    protected void Known(string name, Field field)
    {
        var column = Number(name, 1);
        _fill.Add(fact => column.Add(fact.Has(field) ? 1 : 0));
    }

    protected void Money(string name, Field field)
    {
        var column = Money(name);
        _fill.Add(fact => column.Add(fact.Int(field)));
    }

    protected void Billionths(string name, Field field)
    {
        var column = Billionths(name);
        _fill.Add(fact => column.Add(fact.Int(field)));
    }

    /// <summary>Days since 1970.</summary>
    protected void Days(string name, Field field)
    {
        var column = Date(name);
        _fill.Add(fact => column.AddDays(fact.Int(field)));
    }

    protected void Number(string name, Field field, int bytes, bool signed = false, long otherwise = 0)
    {
        var column = Number(name, bytes, signed);
        _fill.Add(fact => column.Add(fact.Int(field, otherwise)));
    }

    /// <summary>Of two rows with one id the higher version is current; a deleted one takes the row away.</summary>
    protected void Versioned()
    {
        Number("version", Field.Version, 8);
        Number("deleted", Field.Deleted, 1);
    }

    protected void Campaign()
    {
        Text("channel", Field.Channel);
        Text("source", Field.Source);
        Text("medium", Field.Medium);
        Text("campaign", Field.Campaign);
    }

    protected void Cause()
    {
        Text("cause_kind", Field.CauseKind);
        Id("cause_id", Field.CauseId);
        Text("cause_event", Field.CauseName);
        Moment("cause_at", Field.CauseMs);
        Text("cause_page", Field.CausePage);
    }
}
