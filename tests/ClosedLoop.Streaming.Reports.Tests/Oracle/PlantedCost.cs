using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Reports.Tests;

/// <summary>What was spent on a day.</summary>
internal sealed record PlantedCost(DateOnly Date, string Channel, string Source, string Campaign, long Amount, long Impressions, long Clicks)
{
    /// <summary>One campaign has sessions, one has none, one says nothing but impressions.</summary>
    public static IEnumerable<PlantedCost> Some(int days)
    {
        for (var day = 0; day < days; day++)
        {
            var date = new DateOnly(2026, 9, 20).AddDays(day);
            yield return new PlantedCost(date, "Paid Search", "google", "brand", 1_234_500 + day * 100, 1_000 + day, 40);
            yield return new PlantedCost(date, "Paid Social", "facebook", "nobody came", 99_900, 500, 0);
            if (day % 7 == 0) yield return new PlantedCost(date, "Display", "banners", "(none)", 0, 10_000, 3);
        }
    }

    public byte[] Fact(string site) => new RecordWriter().Begin(RecordKind.CostStated, 1, Id.OfBytes(Encoding.UTF8.GetBytes(ToString())), Encoding.UTF8.GetBytes(site), default)
        .Add(Field.Date, Date.ToString("yyyy-MM-dd")).Add(Field.Channel, Channel).Add(Field.Source, Source).Add(Field.Medium, "cpc")
        .Add(Field.Campaign, Campaign == "(none)" ? "" : Campaign).Add(Field.Amount, Amount).Add(Field.Currency, "EUR")
        .Add(Field.Impressions, Impressions).Add(Field.Clicks, Clicks).Written.ToArray();
}
