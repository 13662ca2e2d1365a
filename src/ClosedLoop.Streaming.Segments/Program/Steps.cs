using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments;

/// <summary>
/// A compiled rule: tests with targets. Running it allocates nothing. Only the tests on the path to the answer count for
/// when the answer may change by silence: while none of them flips, the path and so the answer stay the same.
/// </summary>
internal sealed class Steps(short entry, Test[] tests, byte[][][] pool, Pair[] pairs)
{
    /// <summary>Leaving events that are looked through for the one at which a count changes the answer; then asked again at the next.</summary>
    private const int LeavingStepsMax = 8;

    public int Count => tests.Length;

    /// <param name="person">Whom the rule is about.</param>
    /// <param name="now">Unix ms.</param>
    /// <param name="due">Lowered to the earliest ms after <paramref name="now"/> at which the answer may change by silence.</param>
    public bool Run<T>(ref T person, long now, ref long due) where T : IMeasures, allows ref struct
    {
        var at = entry;
        while (at >= 0)
        {
            ref readonly var test = ref tests[at];
            bool yes;
            if (test.Kind <= TestKind.NumberNotEqual)
                yes = person.TryNumber((NumberMeasure)test.Measure, out var value) && Holds(in test, value);
            else if (test.Kind <= TestKind.MomentAtLeast)
                yes = Moment(in test, ref person, now, ref due);
            else
                yes = Other(in test, ref person, now, ref due);
            at = yes ? test.OnTrue : test.OnFalse;
        }
        return at == Test.Yes;
    }

    private static bool Holds(in Test test, double value) => test.Kind switch
    {
        TestKind.NumberLess => value < test.Number,
        TestKind.NumberAtMost => value <= test.Number,
        TestKind.NumberMore => value > test.Number,
        TestKind.NumberAtLeast => value >= test.Number,
        TestKind.NumberEqual => value == test.Number,
        _ => value < test.Number || value > test.Number,
    };

    private bool Moment<T>(in Test test, ref T person, long now, ref long due) where T : IMeasures, allows ref struct
    {
        var moment = test.Measure == Test.FormsSource
            ? Readings.LatestForm(ref person, pool[test.Names])
            : person.MomentOf((TimeMeasure)test.Measure);
        if (moment == 0) return false;
        var boundary = moment + test.Value;
        if (now >= boundary) return test.Kind == TestKind.MomentAtLeast;
        due = Math.Min(due, boundary);
        return test.Kind == TestKind.MomentBelow;
    }

    private bool Other<T>(in Test test, ref T person, long now, ref long due) where T : IMeasures, allows ref struct
    {
        switch (test.Kind)
        {
            case TestKind.TextEqual or TestKind.TextNotEqual or TestKind.TextIn: return Text(in test, ref person);
            case TestKind.CartOpen: return person.CartOpen;
            case TestKind.Consented: return person.Consented;
            case TestKind.Visited or TestKind.VisitedPrefix: return person.Visited(pool[test.Names][0], test.Kind == TestKind.VisitedPrefix);
            case TestKind.Count: return Counted(in test, ref person, now, ref due);
            case TestKind.Trait: return ((Operator)test.Measure).Holds(Readings.Trait(ref person, pool[test.Names][0]), test.Number);
            default: return pairs[test.Names].Holds(ref person, now, ref due);
        }
    }

    private bool Text<T>(in Test test, ref T person) where T : IMeasures, allows ref struct
    {
        var text = test.Measure switch
        {
            Test.TraitSource => person.Trait(pool[test.Names][0]),
            Test.ArmSource => person.Arm(pool[test.Names][0]),
            _ => person.TextOf((TextMeasure)test.Measure),
        };
        if (text.IsEmpty) return false;
        var texts = pool[test.Texts];
        if (test.Kind == TestKind.TextNotEqual) return !text.SequenceEqual(texts[0]);
        foreach (var candidate in texts)
            if (text.SequenceEqual(candidate)) return true;
        return false;
    }

    private bool Counted<T>(in Test test, ref T person, long now, ref long due) where T : IMeasures, allows ref struct
    {
        var name = pool[test.Names][0];
        var op = (Operator)test.Measure;
        var count = person.CountAfter(name, now - test.WindowMs, out var oldest);
        var yes = op.Holds(count, test.Number);
        // Silence only lowers a count: an answer that none at all shares with this many can be found on no way down, unless = or != are asked.
        if (count == 0 || (op < Operator.Equal && op.Holds(0, test.Number) == yes)) return yes;
        var left = count;
        for (var step = 0; left > 0 && step < LeavingStepsMax; step++)
        {
            var leaves = oldest + test.WindowMs;
            left = person.CountAfter(name, oldest, out oldest);
            if (op.Holds(left, test.Number) == yes && step < LeavingStepsMax - 1) continue;
            due = Math.Min(due, leaves);
            break;
        }
        return yes;
    }
}
