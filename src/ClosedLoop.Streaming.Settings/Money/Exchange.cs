using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Settings;

/// <summary>
/// How money of one event becomes the site's: the rate is kept in the record beside what was said, so that nothing in the log ever
/// depends on the file of rates again.
/// </summary>
/// <param name="Billionths">Site currency per one unit, in billionths; <see cref="One"/> in the site's own.</param>
public readonly record struct Exchange(long Billionths)
{
    public const long One = 1_000_000_000;
    private const long Cent = Money.Unit / 100;

    /// <summary>The site's own currency: nothing is converted.</summary>
    public static Exchange None => new(One);

    public bool IsNone => Billionths == One;

    /// <summary>
    /// Money (1/10,000) in the site's currency; a converted amount is rounded to the cent, half away from zero.
    /// False when it would be over <see cref="Money.Max"/>.
    /// </summary>
    public bool TryApply(long money, out long converted)
    {
        converted = money;
        if (IsNone) return true;
        var product = (Int128)money * Billionths;
        const long divisor = One * Cent;
        var half = (Int128)divisor / 2;
        var cents = (product + (product < 0 ? -half : half)) / divisor;
        var limit = (Int128)(Money.Max * Money.Unit);
        if (cents * Cent > limit || cents * Cent < -limit) return false;
        converted = (long)(cents * Cent);
        return true;
    }
}
