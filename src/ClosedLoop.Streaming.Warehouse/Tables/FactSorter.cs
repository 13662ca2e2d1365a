using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Warehouse.Tables;

/// <summary>
/// Sorts facts into blocks, one per table and month, straight from the record's bytes into column buffers. Instances of tables are kept
/// and cleared between batches. The same facts in the same order give the same blocks, byte for byte: a re-sent batch is the identical batch.
/// </summary>
internal sealed class FactSorter
{
    /// <summary>Spare tables kept for later batches; an import over many months must not keep buffers for ever.</summary>
    public const int SpareTablesMax = 32;

    private readonly RecordReader _fact = new();
    private readonly Dictionary<RecordKind, Kind> _kinds = [];
    private readonly Kind _unreadable;
    private readonly SortedDictionary<(string Table, int Month), FactTable> _filling = new(TableOrder.Instance);

    public FactSorter()
    {
        var hit = new RecordReader();
        _kinds[RecordKind.EventStored] = new Kind(() => new EventsTable(hit));
        _kinds[RecordKind.HitRefused] = new Kind(() => new RefusedHitsTable());
        _kinds[RecordKind.TotalsCounted] = new Kind(() => new TotalsTable());
        _kinds[RecordKind.SessionChanged] = new Kind(() => new SessionsTable());
        _kinds[RecordKind.TouchMade] = new Kind(() => new TouchesTable());
        _kinds[RecordKind.SegmentChanged] = new Kind(() => new SegmentChangesTable());
        _kinds[RecordKind.StageChanged] = new Kind(() => new StageChangesTable());
        _kinds[RecordKind.LeadLinked] = new Kind(() => new LeadLinksTable());
        _kinds[RecordKind.LeadJoined] = new Kind(() => new LeadAliasesTable());
        _kinds[RecordKind.ConversionMade] = new Kind(() => new ConversionsTable());
        _kinds[RecordKind.CreditPosted] = new Kind(() => new CreditsTable());
        _kinds[RecordKind.DealChanged] = new Kind(() => new DealsTable());
        _kinds[RecordKind.PersonErased] = new Kind(() => new ErasuresTable());
        _kinds[RecordKind.CostStated] = new Kind(() => new CostsTable());
        _kinds[RecordKind.CreditRunMade] = new Kind(() => new CreditRunsTable());
        _kinds[RecordKind.RunEffectFound] = new Kind(() => new CreditRunEffectsTable());
        _unreadable = new Kind(() => new UnreadableFactsTable());
    }

    public int Rows { get; private set; }

    /// <summary>Facts that went to <c>unreadable_facts</c> since the last <see cref="Clear"/>.</summary>
    public int Unreadable { get; private set; }

    /// <summary>Every table that facts can go to.</summary>
    public IEnumerable<FactTable> Prototypes => _kinds.Values.Append(_unreadable).Select(kind => kind.Prototype);

    public void Add(ReadOnlyMemory<byte> record, FactPlace place)
    {
        Rows++;
        if (!_fact.TryRead(record))
        {
            Keep(record, "format", place);
            return;
        }
        // What it tells stands in conversions and credits already; only webhooks want it in one piece.
        if (_fact.Kind == RecordKind.DealAttributed) return;
        if (!_kinds.TryGetValue(_fact.Kind, out var kind))
        {
            Keep(record, "kind", place);
            return;
        }
        try
        {
            Table(kind, MonthOf(kind.Prototype.MonthMs(_fact))).Append(_fact, place);
        }
        catch (UnreadableFactException e)
        {
            Keep(record, e.Reason, place);
        }
    }

    /// <summary>The blocks in a fixed order (table, month); valid until <see cref="Clear"/>.</summary>
    public IEnumerable<(string Table, int Month, FactTable Rows)> Filled =>
        _filling.Select(entry => (entry.Key.Table, entry.Key.Month, entry.Value));

    public void Clear()
    {
        foreach (var ((name, _), table) in _filling)
        {
            table.Clear();
            var kind = _kinds.Values.Append(_unreadable).First(kind => kind.Prototype.Name == name);
            if (kind.Spare.Count < SpareTablesMax) kind.Spare.Push(table);
        }
        _filling.Clear();
        Rows = Unreadable = 0;
    }

    /// <summary>Year and month as the partition's name has them: 202611.</summary>
    internal static int MonthOf(long unixMs)
    {
        var date = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMs, Native.MomentColumn.UnixMsMin, Native.MomentColumn.UnixMsMax)).UtcDateTime;
        return date.Year * 100 + date.Month;
    }

    private void Keep(ReadOnlyMemory<byte> record, string reason, FactPlace place)
    {
        Unreadable++;
        ((UnreadableFactsTable)Table(_unreadable, 0)).Append(record.Span, reason, place);
    }

    private FactTable Table(Kind kind, int month)
    {
        if (kind.LastMonth == month && kind.Last is { Rows: > 0 } last) return last;
        var key = (kind.Prototype.Name, month);
        if (!_filling.TryGetValue(key, out var table))
            _filling[key] = table = kind.Spare.TryPop(out var spare) ? spare : kind.Make();
        (kind.Last, kind.LastMonth) = (table, month);
        return table;
    }

    private sealed class Kind(Func<FactTable> make)
    {
        public FactTable Prototype { get; } = make();
        public Func<FactTable> Make { get; } = make;
        public Stack<FactTable> Spare { get; } = [];
        // Most facts of a batch are of one month: remembering the last one saves the look-up.
        public FactTable? Last { get; set; }
        public int LastMonth { get; set; }
    }

    private sealed class TableOrder : IComparer<(string Table, int Month)>
    {
        public static readonly TableOrder Instance = new();

        public int Compare((string Table, int Month) x, (string Table, int Month) y) =>
            string.CompareOrdinal(x.Table, y.Table) is var order and not 0 ? order : x.Month.CompareTo(y.Month);
    }
}
