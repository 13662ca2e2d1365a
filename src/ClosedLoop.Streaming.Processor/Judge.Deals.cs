using System.Text.Json;
using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

public sealed partial class Judge
{
    /// <summary>Touches of one deal that a message names, those with the largest parts; how many more there are is said beside them.</summary>
    public const int DealTouchesMax = 20;

    private readonly ReusedJson _deal = new();

    /// <summary>
    /// Tells which touches a won deal is credited to, under every model that needs one path: when it is won, when a refund, a late touch or a
    /// join of people changes its value or its credit, and when it turns out not to be won.
    /// </summary>
    public void Deals(Standing standing, Person person, IReadOnlyList<DealChange> deals, in Cause cause)
    {
        foreach (var deal in deals)
        {
            WriteTouches(_deal.Begin(), deal);
            var fact = facts.Begin(RecordKind.DealAttributed)
                .Add(Field.DealId, deal.What.Reference).Add(Field.Change, deal.Change).Add(Field.Revenue, deal.Revenue).Add(Field.Amount, deal.RevenueBefore)
                .Add(Field.Currency, deal.Currency).Add(Field.OccurredMs, deal.What.At).Add(Field.Payload, _deal.Written)
                .Add(Field.Sequence, ++standing.Sequence).Add(Field.ExternalId, person.ExternalId).Add(Field.EmailSealed, person.EmailSealed);
            if (deal.What.ProfitKnown) fact.Add(Field.GrossProfit, deal.What.Profit);
            AddCause(fact, cause);
            fact.Add(Field.FirstTouch, FirstTouchJson(person)).Add(Field.Traits, TraitsJson(person))
                .Add(Field.Stage, person.TextOf(TextMeasure.Stage)).Add(Field.Channel, person.TextOf(TextMeasure.Channel));
            facts.Send();
        }
    }

    /// <summary>{"touches":[{touch_id, at, channel, source, medium, campaign, credit:{model:{amount, share}}}], "left_out":n}</summary>
    private static void WriteTouches(Utf8JsonWriter json, DealChange deal)
    {
        var touches = deal.Rows.GroupBy(r => r.Touch)
            .Select(g => (Rows: g.ToList(), Index: g.First().Index, Weight: g.Sum(r => (long)r.Share))).ToList();
        var shown = touches.OrderByDescending(t => t.Weight).ThenBy(t => t.Index).Take(DealTouchesMax).OrderBy(t => t.Index).ToList();
        json.WriteStartObject();
        json.WriteStartArray("touches"u8);
        foreach (var (rows, index, _) in shown)
        {
            json.WriteStartObject();
            if (index < 0) json.WriteNull("touch_id"u8);
            else json.WriteString("touch_id"u8, rows[0].Touch.ToString());
            deal.Describe(json, index);
            json.WriteStartObject("credit"u8);
            foreach (var row in rows)
            {
                json.WriteStartObject(ModelNames.Of(row.Model));
                json.WriteNumber("amount"u8, Money.ToDecimal(row.Amount));
                json.WriteNumber("share"u8, row.Share / (decimal)CreditRow.ShareWhole);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("left_out"u8, touches.Count - shown.Count);
        json.WriteEndObject();
    }
}

/// <summary>What became of a deal's credit because of one event.</summary>
/// <param name="What">The deal as a conversion; of a withdrawn one as it was.</param>
/// <param name="Change">won, corrected, withdrawn.</param>
/// <param name="Revenue">Money that is credited now; 0 when withdrawn.</param>
/// <param name="Rows">The ledger of the deal now.</param>
/// <param name="Describe">Writes at, channel, source, medium, campaign of the touch with that index; −1 is unattributed.</param>
public sealed record DealChange(
    ConversionOf What, string Change, long Revenue, long RevenueBefore, string Currency, IReadOnlyList<CreditRow> Rows, Action<Utf8JsonWriter, int> Describe);
