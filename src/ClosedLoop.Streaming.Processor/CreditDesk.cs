using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// The ledger as a function of memory: what stood before against what stands now, told as conversions that are new, changed or gone,
/// and as postings and reversals that sum exactly (DESIGN.md §4). Nothing about earlier postings has to be kept.
/// </summary>
public sealed class CreditDesk(FactWriter facts)
{
    private static readonly AttributionModel[] Models = [.. ModelNames.All];

    private const int LookbackDefault = 90;

    private readonly View _before = new(), _now = new();
    private readonly List<CreditRow> _rows = [];
    private readonly List<DealChange> _deals = [];

    /// <summary>Deals whose credit the last <see cref="Tell"/> changed.</summary>
    public IReadOnlyList<DealChange> Deals => _deals;

    /// <summary>Another record of the log is worked on: what was told of deals is over.</summary>
    public void Forget() => _deals.Clear();

    public void Begin()
    {
        _before.Clear();
        _now.Clear();
    }

    /// <summary>What stands: under the lookback that it was posted under, which the memory of the actor keeps.</summary>
    public void Before(Person person, ReadOnlySpan<byte> site, SiteRules rules, Func<int, byte[]> keyOf) =>
        _before.Add(person, site, person.Parts.Count == 0 || person.Parts[0].PostedLookback is 0 ? LookbackDefault : person.Parts[0].PostedLookback, keyOf);

    /// <summary>What is to stand, under the lookback of now. A changed lookback counts for a person from the next change of credit on, and then for all of it.</summary>
    public void Now(Person person, ReadOnlySpan<byte> site, SiteRules rules, Func<int, byte[]> keyOf)
    {
        _now.Add(person, site, rules.LookbackDays, keyOf);
        if (person.Parts.Count > 0) person.Parts[0].PostedLookback = rules.LookbackDays == LookbackDefault ? 0 : rules.LookbackDays;
    }

    /// <param name="version">
    /// Version of the actor's state; orders what was told of one conversion. A lead goes on from the versions of its browsers, because both
    /// may speak of it. Times would not do: what comes from other partitions is not in their order.
    /// </param>
    public void Tell(SiteRules rules, long version, string visitorId)
    {
        foreach (var (id, now) in _now.Conversions)
        {
            var known = _before.Conversions.TryGetValue(id, out var before);
            if (!known || before!.What != now.What) SendConversion(now.What, rules, version, visitorId, deleted: false);
            _rows.Clear();
            // Told of another day now: what stands on the old one is taken back whole, or a period would count half of it.
            if (known && before!.What.At != now.What.At)
            {
                Ledger.Reverse(before.Span, _rows);
                _rows.AddRange(now.Span);
            }
            else Ledger.Correct(known ? before!.Span : [], now.Span, _rows);
            SendRows(now.What, known ? before : null, now, rules);
            if (now.What.Kind == ConversionKind.Deal && (_rows.Count > 0 || !known || before!.What.Value != now.What.Value))
                _deals.Add(new DealChange(now.What, known ? "corrected" : "won", now.What.Value, known ? before!.What.Value : 0, rules.Currency, [.. now.Rows], now.Describe));
        }
        // The same order, told of two browsers before anybody knew that they are one person's: one of the two is taken back.
        foreach (var twice in _before.Doubles)
        {
            _rows.Clear();
            Ledger.Reverse(twice.Span, _rows);
            SendRows(twice.What, twice, null, rules);
        }
        foreach (var (id, before) in _before.Conversions)
        {
            if (_now.Conversions.ContainsKey(id)) continue;
            SendConversion(before.What, rules, version, visitorId, deleted: true);
            _rows.Clear();
            Ledger.Reverse(before.Span, _rows);
            SendRows(before.What, before, null, rules);
            if (before.What.Kind == ConversionKind.Deal)
                _deals.Add(new DealChange(before.What, "withdrawn", 0, before.What.Value, rules.Currency, [], before.Describe));
        }
    }

    private void SendConversion(in ConversionOf what, SiteRules rules, long version, string visitorId, bool deleted)
    {
        var fact = facts.Begin(RecordKind.ConversionMade)
            .Add(Field.ConversionId, what.Id).Add(Field.ConversionKind, Conversions.NameOf(what.Kind)).Add(Field.OccurredMs, what.At)
            .Add(Field.Revenue, what.Value).Add(Field.Currency, rules.Currency).Add(Field.Version, version);
        if (what.ProfitKnown) fact.Add(Field.GrossProfit, what.Profit);
        if (what.Kind == ConversionKind.Order) fact.Add(Field.OrderId, what.Reference);
        if (what.Kind == ConversionKind.Deal) fact.Add(Field.DealId, what.Reference);
        if (what.IsNew) fact.Add(Field.IsNew, 1L);
        if (facts.Key[0] == ActorKey.Lead) fact.Add(Field.VisitorId, visitorId);
        if (deleted) fact.Add(Field.Deleted, 1L);
        facts.Send();
    }

    private void SendRows(in ConversionOf what, View.Credited? before, View.Credited? now, SiteRules rules)
    {
        foreach (var row in _rows)
        {
            var credited = (row.Sign < 0 ? before : now)!;
            var fact = facts.Begin(RecordKind.CreditPosted)
                .Add(Field.ConversionId, what.Id).Add(Field.ConversionKind, Conversions.NameOf(what.Kind)).Add(Field.OccurredMs, credited.What.At)
                .Add(Field.Model, ModelNames.Of(row.Model)).Add(Field.TouchId, row.Touch).Add(Field.Amount, row.Amount)
                .Add(Field.Share, (long)row.Share).Add(Field.Currency, rules.Currency).Add(Field.Sign, (long)row.Sign);
            if (row.Profit is { } profit) fact.Add(Field.GrossProfit, profit);
            var (part, source) = credited.SourceOf(row);
            if (row.IsUnattributed) fact.Add(Field.Channel, "(unattributed)"u8);
            else FactWriter.AddSource(fact.Add(Field.TouchMs, credited.TimeOf(row)), part!, source);
            facts.Send();
        }
    }

    /// <summary>Conversions with their credit rows, as one memory tells them.</summary>
    private sealed class View
    {
        private readonly List<ConversionOf> _conversions = [];

        public SortedDictionary<Id, Credited> Conversions { get; } = [];

        public List<Credited> Doubles { get; } = [];

        public void Clear()
        {
            Conversions.Clear();
            Doubles.Clear();
        }

        public void Add(Person person, ReadOnlySpan<byte> site, int lookbackDays, Func<int, byte[]> keyOf)
        {
            _conversions.Clear();
            Credit.Conversions.Of(person, site, _conversions);
            if (_conversions.Count == 0) return;
            var touches = new PersonTouches();
            touches.Read(person, site, keyOf);
            foreach (var what in _conversions)
            {
                var credited = new Credited(what, touches);
                Attribution.Post(new Conversion(what.Id, what.At, what.Value, what.ProfitKnown ? what.Profit : null), touches.Touches, lookbackDays, Models, credited.Rows);
                if (!Conversions.TryAdd(what.Id, credited)) Doubles.Add(credited);
            }
        }

        public sealed class Credited(ConversionOf what, PersonTouches touches)
        {
            public ConversionOf What { get; } = what;
            public List<CreditRow> Rows { get; } = [];
            public ReadOnlySpan<CreditRow> Span => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Rows);

            public (History? Part, short Source) SourceOf(CreditRow row) =>
                row.Index < 0 ? (null, (short)-1) : touches.SourceOf(row.Index);

            public void Describe(System.Text.Json.Utf8JsonWriter json, int index)
            {
                if (index < 0)
                {
                    json.WriteString("channel"u8, "(unattributed)"u8);
                    return;
                }
                var (part, source) = touches.SourceOf(index);
                TouchJson.WriteFields(json, part, source, touches.Touches[index].TimeMs);
            }

            public long TimeOf(CreditRow row) => touches.Touches[row.Index].TimeMs;
        }
    }
}
