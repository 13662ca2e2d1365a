using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Warehouse.Tables;

/// <summary>CreditRunMade → credit_runs: a model over all paths of a period, computed and posted.</summary>
internal sealed class CreditRunsTable : RunTable
{
    public CreditRunsTable() : base("credit_runs")
    {
        Days("from_date", Field.RunFrom);
        Days("to_date", Field.RunTo);
        Number("lookback_days", Field.Date, 4);
        Number("conversions", Field.Credited, 8);
        Number("null_paths", Field.NullPaths, 8);
        Number("postings", Field.Hits, 8);
    }
}

/// <summary>RunEffectFound → credit_run_effects: what the run found out about a channel.</summary>
internal sealed class CreditRunEffectsTable : RunTable
{
    public CreditRunEffectsTable() : base("credit_run_effects")
    {
        Text("goal", Field.ConversionKind);
        Text("channel", Field.Channel);
        Billionths("effect", Field.Effect);
        Billionths("credited", Field.Credited);
        Number("paths", Field.Paths, 8);
    }
}

/// <summary>What both have: of no person, but of a run.</summary>
internal abstract class RunTable : MappedTable
{
    protected RunTable(string name) : base(name, ofPerson: false)
    {
        Id("run_id", Field.Run);
        Text("model", Field.Model);
        Moment("posted_at", Field.PostedMs);
    }

    public override long MonthMs(RecordReader fact) => fact.Int(Field.PostedMs, fact.TimeMs);
}
