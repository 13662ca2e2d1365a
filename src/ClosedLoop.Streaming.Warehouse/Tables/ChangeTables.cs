using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Warehouse.Tables;

/// <summary>SegmentChanged → segment_changes.</summary>
internal sealed class SegmentChangesTable : MappedTable
{
    public SegmentChangesTable() : base("segment_changes")
    {
        Text("segment", Field.Segment);
        Text("previous", Field.Previous);
        Text("segment_group", Field.Group);
        Text("change", Field.Change);
        Number("rule_version", Field.RuleVersion, 4);
        Number("sequence", Field.Sequence, 8);
        Number("history", Field.History, 1);
        Number("first_entry", Field.FirstEntry, 1);
        Cause();
        Text("stage", Field.Stage);
        Text("channel", Field.Channel);
        Text("external_id", Field.ExternalId);
        Text("first_touch", Field.FirstTouch);
        Text("measures", Field.Measures);
        Text("experiments", Field.Experiments);
        Moment("changed_at", Field.CauseMs);
    }

    public override long MonthMs(RecordReader fact) => fact.Int(Field.CauseMs, fact.TimeMs);
}

/// <summary>StageChanged → stage_changes.</summary>
internal sealed class StageChangesTable : MappedTable
{
    public StageChangesTable() : base("stage_changes")
    {
        Text("stage", Field.Stage);
        Text("previous_stage", Field.PreviousStage);
        Text("reason", Field.Reason);
        Number("sequence", Field.Sequence, 8);
        Number("history", Field.History, 1);
        Cause();
        Text("channel", Field.Channel);
        Moment("changed_at", Field.CauseMs);
    }

    public override long MonthMs(RecordReader fact) => fact.Int(Field.CauseMs, fact.TimeMs);
}

/// <summary>PersonErased → erasures.</summary>
internal sealed class ErasuresTable() : MappedTable("erasures")
{
    public override long MonthMs(RecordReader fact) => fact.TimeMs;
}
