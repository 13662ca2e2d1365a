using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Warehouse.Tables;

/// <summary>SessionChanged → sessions: a row per version; the view sessions_current shows the last one.</summary>
internal sealed class SessionsTable : MappedTable
{
    public SessionsTable() : base("sessions")
    {
        Id("session_id", Field.SessionId);
        Moment("session_start", Field.SessionStartMs);
        Moment("session_end", Field.SessionEndMs);
        Number("page_views", Field.PageViews, 4);
        Number("hits", Field.Hits, 4);
        Number("engaged", Field.Engaged, 1);
        Text("entry_page", Field.EntryPage);
        Text("exit_page", Field.ExitPage);
        Campaign();
        Text("term", Field.Term);
        Text("content", Field.Content);
        Text("refr_medium", Field.RefrMedium);
        Text("refr_source", Field.RefrSource);
        Text("click_id", Field.ClickId);
        Text("network", Field.Network);
        Text("device_class", Field.DeviceClass);
        Text("country", Field.Country);
        Text("bot_class", Field.BotClass);
        Versioned();
    }

    public override bool Replaced => true;

    public override long MonthMs(RecordReader fact) => fact.Int(Field.SessionStartMs, fact.TimeMs);
}

/// <summary>TouchMade → touches: what may get credit.</summary>
internal sealed class TouchesTable : MappedTable
{
    public TouchesTable() : base("touches")
    {
        Id("touch_id", Field.TouchId);
        Moment("occurred_at", Field.OccurredMs);
        Campaign();
        Text("term", Field.Term);
        Text("content", Field.Content);
        Text("click_id", Field.ClickId);
        Text("network", Field.Network);
        Text("evidence", Field.Evidence);
        Versioned();
    }

    public override bool Replaced => true;

    public override long MonthMs(RecordReader fact) => fact.OccurredMs;
}

/// <summary>LeadJoined → lead_aliases: which lead names the person of another.</summary>
internal sealed class LeadAliasesTable : MappedTable
{
    public LeadAliasesTable() : base("lead_aliases")
    {
        Text("identifier", Field.Identifier);
        Text("person", Field.RootLead);
        Versioned();
    }

    public override long MonthMs(RecordReader fact) => fact.TimeMs;
}

/// <summary>LeadLinked → lead_links: which browser belongs to which person.</summary>
internal sealed class LeadLinksTable : MappedTable
{
    public LeadLinksTable() : base("lead_links")
    {
        Text("identifier", Field.Identifier);
        Text("evidence", Field.Evidence);
        Moment("linked_at", Field.OccurredMs);
        Versioned();
    }

    public override long MonthMs(RecordReader fact) => fact.OccurredMs;
}
