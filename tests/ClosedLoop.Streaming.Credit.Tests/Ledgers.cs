using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Credit.Tests;

/// <summary>Short hand for rows of tests.</summary>
internal static class Ledgers
{
    public const long Day = 86_400_000;
    public const long Start = 1_700_000_000_000;

    public static Touch At(int number, double day, bool direct = false) =>
        new(new Id(7, (ulong)number), Start + (long)(day * Day), direct);

    public static Conversion Won(double day, decimal value) => new(new Id(9, 9), Start + (long)(day * Day), (long)(value * Money.Unit));

    public static List<CreditRow> Post(Conversion conversion, Touch[] touches, AttributionModel model, int lookback = 90)
    {
        var rows = new List<CreditRow>();
        Attribution.Post(conversion, touches, lookback, [model], rows);
        return rows;
    }

    /// <summary>"1:40.00 2:20.00 -:0.00": touch number and money; "-" is unattributed.</summary>
    public static string Text(IEnumerable<CreditRow> rows) => string.Join(' ', rows.Select(row => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{(row.IsUnattributed ? "-" : row.Touch.Low.ToString(System.Globalization.CultureInfo.InvariantCulture))}:{Money.ToDecimal(row.Amount):0.00##}{(row.Sign < 0 ? "r" : "")}")));
}
