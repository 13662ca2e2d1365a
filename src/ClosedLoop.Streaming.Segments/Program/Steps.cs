using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments;

/// <summary>
/// A compiled rule, or a whole set: tests with targets. Running it allocates nothing. Only the tests on the path to the answer
/// count for when the answer may change by silence: while none of them flips, the path and so the answer stay the same.
/// </summary>
internal sealed class Steps(int entry, Test[] tests, byte[][][] pool, long[] windows, Pair[] pairs)
{
    /// <param name="person">Whom the rule is about.</param>
    /// <param name="now">Unix ms.</param>
    /// <param name="due">Lowered to the earliest ms after <paramref name="now"/> at which the answer may change by silence.</param>
    /// <param name="members">Receives the segments of a set; not touched by a single rule.</param>
    public bool Run<T>(ref T person, long now, ref long due, ref MemberBits members) where T : IMeasures, allows ref struct
    {
        var at = entry;
        while (at >= 0)
        {
            ref readonly var test = ref tests[at];
            bool yes;
            double value;
            switch (test.Kind)
            {
                case TestKind.NumberLess: yes = person.TryNumber((NumberMeasure)test.Measure, out value) && value < test.Number; break;
                case TestKind.NumberAtMost: yes = person.TryNumber((NumberMeasure)test.Measure, out value) && value <= test.Number; break;
                case TestKind.NumberMore: yes = person.TryNumber((NumberMeasure)test.Measure, out value) && value > test.Number; break;
                case TestKind.NumberAtLeast: yes = person.TryNumber((NumberMeasure)test.Measure, out value) && value >= test.Number; break;
                case TestKind.MomentBelow or TestKind.MomentAtLeast:
                    yes = Passed(person.MomentOf((TimeMeasure)test.Measure), test.Value, now, test.Kind == TestKind.MomentAtLeast, ref due);
                    break;
                case TestKind.TextEqual or TestKind.TextNotEqual or TestKind.TextIn: yes = Text(in test, ref person); break;
                case TestKind.CartOpen: yes = person.CartOpen; break;
                case TestKind.Consented: yes = person.Consented; break;
                case TestKind.Member:
                    members.Set((int)test.Value);
                    yes = true;
                    break;
                default: yes = Other(in test, ref person, now, ref due); break;
            }
            at = yes ? test.OnTrue : test.OnFalse;
        }
        return at == Test.Yes;
    }

    /// <param name="moment">0 when there is none, which is no answer to either question.</param>
    private static bool Passed(long moment, long after, long now, bool wanted, ref long due)
    {
        if (moment == 0) return false;
        var boundary = moment + after;
        if (now >= boundary) return wanted;
        if (boundary < due) due = boundary;
        return !wanted;
    }

    private bool Other<T>(in Test test, ref T person, long now, ref long due) where T : IMeasures, allows ref struct
    {
        switch (test.Kind)
        {
            case TestKind.NumberEqual or TestKind.NumberNotEqual:
                return person.TryNumber((NumberMeasure)test.Measure, out var value)
                    && (test.Kind == TestKind.NumberEqual ? Operator.Equal : Operator.NotEqual).Holds(value, test.Number);
            case TestKind.FormBelow or TestKind.FormAtLeast:
                return Passed(Readings.LatestForm(ref person, pool[test.Names]), test.Value, now, test.Kind == TestKind.FormAtLeast, ref due);
            case TestKind.Visited or TestKind.VisitedPrefix:
                return person.Visited(pool[test.Names][0], test.Kind == TestKind.VisitedPrefix);
            case TestKind.Count:
                return Leaving.Counted(ref person, pool[test.Names][0], windows[test.Texts], (Operator)test.Measure, test.Number, now, ref due);
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
}
