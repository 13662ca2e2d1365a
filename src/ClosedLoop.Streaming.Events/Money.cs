namespace ClosedLoop.Streaming.Events;

/// <summary>Money as an integer number of 1/10,000 of the currency's unit: exact, and the same on every machine.</summary>
public static class Money
{
    public const long Unit = 10_000;
    /// <summary>Largest amount either way: a hundred billion units.</summary>
    public const decimal Max = 100_000_000_000m;

    /// <summary>False when out of range. More than four decimals are rounded half away from zero.</summary>
    public static bool TryFrom(decimal value, out long money)
    {
        money = 0;
        if (value is > Max or < -Max) return false;
        money = (long)decimal.Round(value * Unit, 0, MidpointRounding.AwayFromZero);
        return true;
    }

    public static decimal ToDecimal(long money) => money / (decimal)Unit;
}
