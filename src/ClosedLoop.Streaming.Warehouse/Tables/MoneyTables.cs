using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Warehouse.Tables;

/// <summary>ConversionMade → conversions.</summary>
internal sealed class ConversionsTable : MappedTable
{
    public ConversionsTable() : base("conversions")
    {
        Id("conversion_id", Field.ConversionId);
        Text("kind", Field.ConversionKind);
        Moment("occurred_at", Field.OccurredMs);
        Money("revenue", Field.Revenue);
        Money("gross_profit", Field.GrossProfit);
        Text("currency", Field.Currency);
        Text("order_id", Field.OrderId);
        Text("deal_id", Field.DealId);
        Number("is_new", Field.IsNew, 1);
        Versioned();
    }

    public override bool Replaced => true;

    public override long MonthMs(RecordReader fact) => fact.OccurredMs;
}

/// <summary>CreditPosted → credits: the ledger; amounts are never negative, <c>sign</c> says which way.</summary>
internal sealed class CreditsTable : MappedTable
{
    public CreditsTable() : base("credits")
    {
        Id("conversion_id", Field.ConversionId);
        Text("conversion_kind", Field.ConversionKind);
        Text("model", Field.Model);
        Id("touch_id", Field.TouchId);
        Campaign();
        Money("amount", Field.Amount);
        Number("share", Field.Share, 4);
        Money("gross_profit", Field.GrossProfit);
        Known("profit_known", Field.GrossProfit);
        Id("run_id", Field.Run);
        Text("currency", Field.Currency);
        Number("sign", Field.Sign, 1, signed: true, otherwise: 1);
        Moment("occurred_at", Field.OccurredMs);
        Moment("posted_at", Field.PostedMs);
        Moment("touch_at", Field.TouchMs, otherwise: 0);
    }

    public override long MonthMs(RecordReader fact) => fact.Int(Field.PostedMs, fact.TimeMs);
}

/// <summary>DealChanged → deals: a row per change.</summary>
internal sealed class DealsTable : MappedTable
{
    public DealsTable() : base("deals")
    {
        Text("deal_id", Field.DealId);
        Text("event", Field.Name);
        Text("deal_stage", Field.DealStage);
        Money("amount", Field.Amount);
        Text("currency", Field.Currency);
        Text("reason", Field.Reason);
        Moment("occurred_at", Field.OccurredMs);
        Number("version", Field.Version, 8);
    }

    public override long MonthMs(RecordReader fact) => fact.OccurredMs;
}
