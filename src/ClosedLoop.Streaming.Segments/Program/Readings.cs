using System.Globalization;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments;

/// <summary>Reads what needs more than one question to a person.</summary>
internal static class Readings
{
    /// <summary>When the latest of these forms was sent; 0 when none was.</summary>
    public static long LatestForm<T>(ref T person, byte[][] forms) where T : IMeasures, allows ref struct
    {
        long latest = 0;
        foreach (var form in forms) latest = Math.Max(latest, person.FormSent(form));
        return latest;
    }

    /// <summary>A trait as a number; NaN when it is absent or no plain finite number.</summary>
    public static double Trait<T>(ref T person, byte[] name) where T : IMeasures, allows ref struct
    {
        const NumberStyles plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(person.Trait(name), plain, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : double.NaN;
    }

    /// <summary>Any number operand at a moment; NaN when absent.</summary>
    public static double Number<T>(ref T person, Operand operand, long now) where T : IMeasures, allows ref struct
    {
        switch (operand.Source)
        {
            case Source.Number: return person.TryNumber((NumberMeasure)operand.Measure, out var value) ? value : double.NaN;
            case Source.Trait: return Trait(ref person, operand.Names[0]);
            case Source.Count: return person.CountAfter(operand.Names[0], now - operand.WindowMs, out _);
            case Source.NumberLiteral: return (double)operand.Number;
            default:
                var moment = Moment(ref person, operand);
                return moment == 0 ? double.NaN : (now - moment) / (double)Boundary.DayMs;
        }
    }

    public static long Moment<T>(ref T person, Operand operand) where T : IMeasures, allows ref struct =>
        operand.Source == Source.Forms ? LatestForm(ref person, operand.Names) : person.MomentOf((TimeMeasure)operand.Measure);

    public static ReadOnlySpan<byte> Text<T>(ref T person, Operand operand) where T : IMeasures, allows ref struct => operand.Source switch
    {
        Source.Trait => person.Trait(operand.Names[0]),
        Source.Arm => person.Arm(operand.Names[0]),
        _ => person.TextOf((TextMeasure)operand.Measure),
    };
}
