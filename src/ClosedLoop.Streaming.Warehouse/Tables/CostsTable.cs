using System.Globalization;
using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Warehouse.Native;

namespace ClosedLoop.Streaming.Warehouse.Tables;

/// <summary>CostStated → costs; the same day, source, medium and campaign again replaces (the later version stands).</summary>
internal sealed class CostsTable : FactTable
{
    private const long DayMs = 86_400_000;
    private const long RateOne = 1_000_000_000;

    private readonly TextColumn _site, _factId, _source, _medium, _campaign, _link, _channel, _currency, _originalCurrency;
    private readonly MomentColumn _recorded;
    private readonly DateColumn _date;
    private readonly MoneyColumn _amount, _originalAmount;
    private readonly BillionthsColumn _rate;
    private readonly NumberColumn _impressions, _clicks, _version, _deleted;

    public CostsTable() : base("costs")
    {
        (_site, _factId, _recorded, _date) = (Text("site"), Text("fact_id"), Moment("recorded_at"), Date("date"));
        (_source, _medium, _campaign, _currency) = (Text("source"), Text("medium"), Text("campaign"), Text("currency"));
        (_link, _channel, _originalCurrency) = (Text("link"), Text("channel"), Text("original_currency"));
        (_amount, _originalAmount, _rate) = (Money("amount"), Money("original_amount"), Billionths("rate"));
        (_impressions, _clicks, _version) = (Number("impressions", 8), Number("clicks", 8), Number("version", 8));
        _deleted = Number("deleted", 1);
    }

    public override bool Replaced => true;

    public override long MonthMs(RecordReader fact) => Day(fact) * DayMs;

    protected override void Fill(RecordReader fact, FactPlace place)
    {
        _site.Add(fact.Site);
        _factId.Add(fact.Id);
        _recorded.Add(fact.TimeMs);
        _date.AddDays(Day(fact));
        _source.Add(fact[Field.Source]);
        _medium.Add(fact[Field.Medium]);
        _campaign.Add(fact[Field.Campaign]);
        _currency.Add(fact[Field.Currency]);
        _link.Add(fact[Field.LinkSlug]);
        _channel.Add(fact[Field.Channel]);
        _originalCurrency.Add(fact.Has(Field.OriginalCurrency) ? fact[Field.OriginalCurrency] : fact[Field.Currency]);
        _amount.Add(fact.Int(Field.Amount));
        _originalAmount.Add(fact.Int(Field.OriginalAmount, fact.Int(Field.Amount)));
        _rate.Add(fact.Int(Field.Rate, RateOne));
        _impressions.Add(fact.Int(Field.Impressions));
        _clicks.Add(fact.Int(Field.Clicks));
        _version.Add(fact.Int(Field.Version, fact.TimeMs));
        _deleted.Add(fact.Int(Field.Deleted));
    }

    /// <summary>The day as text (2026-11-21) or as days since 1970.</summary>
    private static long Day(RecordReader fact)
    {
        var date = fact[Field.Date];
        if (date.IsEmpty) return Math.Max(0, fact.OccurredMs / DayMs);
        if (date.Length == 10
            && DateOnly.TryParseExact(Encoding.UTF8.GetString(date), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day.DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        return Math.Clamp(fact.Int(Field.Date), 0, ushort.MaxValue);
    }
}
