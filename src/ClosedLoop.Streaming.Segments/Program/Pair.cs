using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments;

/// <summary>Two measures compared with each other: rare, so not worth a shape of its own among the tests.</summary>
internal sealed class Pair(Compared compared)
{
    private readonly Operand _left = compared.Left;
    private readonly Operand _right = compared.Right;
    private readonly Operator _operator = compared.Operator;
    private readonly bool _asText = compared.AsText;

    public bool Holds<T>(ref T person, long now, ref long due) where T : IMeasures, allows ref struct
    {
        if (_asText) return Texts(ref person);
        if (_left.IsMoment && _right.IsMoment) return Moments(ref person);
        if (_left.IsMoment) return MomentAndNumber(ref person, _left, _operator, _right, now, ref due);
        if (_right.IsMoment) return MomentAndNumber(ref person, _right, _operator.Mirrored(), _left, now, ref due);
        Leaving.Note(ref person, _left, now, ref due);
        Leaving.Note(ref person, _right, now, ref due);
        return _operator.Holds(Readings.Number(ref person, _left, now), Readings.Number(ref person, _right, now));
    }

    private bool Texts<T>(ref T person) where T : IMeasures, allows ref struct
    {
        var left = Readings.Text(ref person, _left);
        var right = Readings.Text(ref person, _right);
        return !left.IsEmpty && !right.IsEmpty && left.SequenceEqual(right) == (_operator == Operator.Equal);
    }

    /// <summary>Both ages grow alike, so their order is that of the moments, mirrored, and never changes by silence.</summary>
    private bool Moments<T>(ref T person) where T : IMeasures, allows ref struct
    {
        var left = Readings.Moment(ref person, _left);
        var right = Readings.Moment(ref person, _right);
        return left != 0 && right != 0 && _operator.Holds(right, left);
    }

    private static bool MomentAndNumber<T>(ref T person, Operand ofMoment, Operator op, Operand ofNumber, long now, ref long due)
        where T : IMeasures, allows ref struct
    {
        Leaving.Note(ref person, ofNumber, now, ref due);
        var moment = Readings.Moment(ref person, ofMoment);
        var days = Readings.Number(ref person, ofNumber, now);
        if (moment == 0 || double.IsNaN(days)) return false;
        var from = moment + Boundary.Of(Operator.AtLeast, days * Boundary.DayMs);
        var behind = moment + Boundary.Of(Operator.AtMost, days * Boundary.DayMs);
        if (now < from) due = Math.Min(due, from);
        else if (now < behind) due = Math.Min(due, behind);
        return op switch
        {
            Operator.Less => now < from,
            Operator.AtMost => now < behind,
            Operator.More => now >= behind,
            Operator.AtLeast => now >= from,
            Operator.Equal => now >= from && now < behind,
            _ => now < from || now >= behind,
        };
    }
}
