using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Warehouse.Tables;

namespace ClosedLoop.Streaming.Warehouse.Tests;

public sealed class InsertTests(Chdb chdb)
{
    [Fact]
    public async Task An_event_arrives_with_its_columns()
    {
        await Insert("event-columns", Facts.Event("one", Facts.Start, "visitor-one", hit => hit
            .Add(Field.Revenue, 1_299_000).Add(Field.Currency, "EUR").Add(Field.OrderId, "O-1").Add(Field.Flags, (long)EventFlags.Verified)
            .Add(Field.Properties, "{\"a\":\"ß\\n\"}").Add(Field.Medium, "cpc")));
        var row = (await Rows("SELECT event, visitor_id, session_id, page_urlhost, page_urlpath, page_urlquery, revenue, currency, verified, "
            + "properties, toString(derived_tstamp), event_id = hit_id, mkt_medium, log_partition, log_offset FROM events WHERE visitor_id = 'visitor-one'")).Single();
        Assert.Equal(
            $"[\"page_view\",\"visitor-one\",\"{Facts.IdOf("svisitor-one")}\",\"shop.example\",\"/tents\",\"utm_source=x\",\"129.9\",\"EUR\",1,"
            + "\"{\\\"a\\\":\\\"ß\\\\n\\\"}\",\"2026-10-26 07:33:20.000\",1,\"cpc\",3,\"17\"]",
            row.GetRawText().Replace("\": ", "\":").Replace(", ", ","));
    }

    [Fact]
    public async Task The_current_session_is_the_highest_version_also_across_months()
    {
        var endOfMonth = new DateTimeOffset(2026, 2, 28, 23, 59, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        await Insert("s1", Facts.Session("moved", endOfMonth + 120_000, "visitor-late", 1, 1));
        await Insert("s2", Facts.Session("moved", endOfMonth, "visitor-late", 2, 2));
        await Insert("s3", Facts.Session("gone", endOfMonth, "visitor-late", 1, 1), Facts.Session("gone", endOfMonth, "visitor-late", 2, 1, deleted: true));
        Assert.Equal("2\t2", await Value("SELECT page_views, version FROM sessions_current WHERE visitor_id = 'visitor-late'"));
        Assert.Equal("0", await Value("SELECT count() FROM sessions_current WHERE visitor_id = 'visitor-late' AND session_start >= '2026-03-01 00:00:00'"));
        Assert.Equal("1\t1", await Value("SELECT sessions, visitors FROM channel_sessions WHERE day = '2026-02-28'"));
    }

    [Fact]
    public async Task A_browser_that_belongs_to_a_lead_is_counted_with_the_lead()
    {
        byte[] Entered(string name, string key, long sequence, string segment, string previous) => Facts.Fact(RecordKind.SegmentChanged, name, Facts.Start, key, w => w
            .Add(Field.VisitorId, "visitor-linked").Add(Field.Segment, segment).Add(Field.Previous, previous).Add(Field.Group, "default")
            .Add(Field.Change, "entered").Add(Field.Sequence, sequence).Add(Field.CauseMs, Facts.Start), "linked");
        await Insert("members-1", Entered("m1", "vvisitor-linked", 1, "cold", ""), Entered("m2", "vvisitor-linked", 2, "warm", "cold"));
        Assert.Equal("visitor-linked\twarm", await Value("SELECT person, segment FROM segment_members WHERE site = 'linked'"));
        await Insert("members-2", Entered("m3", "llead-1", 1, "in_progress", "warm"), Facts.Fact(RecordKind.LeadLinked, "l1", Facts.Start, "llead-1", w => w
            .Add(Field.VisitorId, "visitor-linked").Add(Field.Identifier, "e:00").Add(Field.Version, 1L), "linked"));
        Assert.Equal("lead-1\tin_progress", await Value("SELECT person, segment FROM segment_members WHERE site = 'linked'"));
    }

    /// <summary>A lead that a warm browser made is warm without a change of its own; one that was there before keeps what it was in.</summary>
    [Fact]
    public async Task Segments_that_are_handed_over_without_a_change_are_the_leads()
    {
        byte[] Entered(string name, string key, string visitor, long at, long sequence, string segment) => Facts.Fact(RecordKind.SegmentChanged, name, at, key, w => w
            .Add(Field.VisitorId, visitor).Add(Field.Segment, segment).Add(Field.Group, "default")
            .Add(Field.Change, "entered").Add(Field.Sequence, sequence).Add(Field.CauseMs, at), "handed");
        byte[] Linked(string name, string lead, string visitor, long at) => Facts.Fact(RecordKind.LeadLinked, name, at, lead, w => w
            .Add(Field.VisitorId, visitor).Add(Field.Identifier, "e:00").Add(Field.Version, 1L), "handed");
        await Insert("handed-1", Entered("h1", "vbrowser-1", "browser-1", Facts.Start, 2, "warm"), Linked("k1", "lmade", "browser-1", Facts.Start + 10),
            Entered("h2", "lolder", "", Facts.Start, 1, "in_progress"), Entered("h3", "vbrowser-2", "browser-2", Facts.Start + 5, 4, "cold"),
            Linked("k2", "lolder", "browser-2", Facts.Start + 10), Entered("h4", "vbrowser-3", "browser-3", Facts.Start, 1, "cold"));
        Assert.Equal("browser-3\tcold\t\nmade\twarm\tmade\nolder\tin_progress\tolder",
            await Value("SELECT person, segment, lead_id FROM segment_members WHERE site = 'handed' ORDER BY person"));
        await Insert("handed-2", Entered("h5", "lmade", "browser-1", Facts.Start + 20, 3, "active"));
        Assert.Equal("active", await Value("SELECT segment FROM segment_members WHERE site = 'handed' AND person = 'made'"));
    }

    [Fact]
    public async Task A_null_reference_is_still_an_exception_beside_the_engine()
    {
        await chdb.Warehouse.ValueAsync(new WarehouseQuery("SELECT 1"), Chdb.Cancel);
        string? nothing = null;
        Assert.Throws<NullReferenceException>(() => nothing!.Length);
    }

    private async Task Insert(string token, params byte[][] facts)
    {
        var sorter = new FactSorter();
        foreach (var fact in facts) sorter.Add(fact, new FactPlace(3, 17));
        foreach (var (table, month, rows) in sorter.Filled.ToList())
            await chdb.Warehouse.InsertAsync(rows.Block(7), $"{token}-{table}-{month}", Chdb.Cancel);
    }

    private Task<IReadOnlyList<System.Text.Json.JsonElement>> Rows(string sql) => chdb.Warehouse.RowsAsync(new WarehouseQuery(sql), Chdb.Cancel);

    private Task<string> Value(string sql) => chdb.Warehouse.ValueAsync(new WarehouseQuery(sql), Chdb.Cancel);
}
