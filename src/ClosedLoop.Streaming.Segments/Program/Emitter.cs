namespace ClosedLoop.Streaming.Segments;

/// <summary>Lays a condition out as tests with targets, from the last to the first.</summary>
/// <param name="plain">For visitors who have only looked at pages: tests whose answer is then known are left out.</param>
internal sealed class Emitter(bool plain)
{
    private readonly List<Test> _tests = [];
    private readonly List<byte[][]> _pool = [];
    private readonly List<long> _windows = [];
    private readonly List<Pair> _pairs = [];

    /// <summary>A program that ends with <see cref="Test.Yes"/> or <see cref="Test.No"/>.</summary>
    public static Steps Emit(Node node)
    {
        var emitter = new Emitter(plain: false);
        return emitter.Finish(emitter.Lay(node, Test.Yes, Test.No));
    }

    /// <summary>One program for a whole set, which ends with <see cref="Test.No"/>: one row in memory, one loop.</summary>
    /// <param name="sorted">By (order, name).</param>
    /// <param name="places">Gives each segment its bit.</param>
    /// <param name="plain">As above.</param>
    public static Steps Emit(Segment[] sorted, SegmentIndex places, bool plain)
    {
        var emitter = new Emitter(plain);
        var next = Test.No;
        foreach (var group in sorted.Select((segment, index) => (segment, index)).GroupBy(pair => pair.segment.Group ?? "", StringComparer.Ordinal))
        {
            // Behind the first match of a group nothing of it is asked, so it cannot make anything due either.
            var behind = next;
            foreach (var (segment, index) in group.Reverse())
            {
                var member = emitter.Add(new Test { Kind = TestKind.Member, Value = places.RankOf(index) }, group.Key.Length > 0 ? behind : next, Test.No);
                next = emitter.Lay(segment.Rule!.Node, member, next);
            }
        }
        return emitter.Finish(next);
    }

    private Steps Finish(int entry) => new(entry, [.. _tests], [.. _pool], [.. _windows], [.. _pairs]);

    private int Lay(Node node, int onTrue, int onFalse)
    {
        if (plain && PlainAnswers.Known(node) is { } answer) return answer ? onTrue : onFalse;
        return LayTest(node, onTrue, onFalse);
    }

    private int LayTest(Node node, int onTrue, int onFalse) => node switch
    {
        Constant constant => constant.Value ? onTrue : onFalse,
        Negation negation => Lay(negation.Of, onFalse, onTrue),
        Junction junction => Lay(junction, onTrue, onFalse),
        Flag flag => Add(new Test { Kind = flag.Kind, Names = Keep([flag.Path]) }, onTrue, onFalse),
        Listed listed => Add(Text(TestKind.TextIn, listed.Left, listed.Texts), onTrue, onFalse),
        Compared compared => Lay(compared, onTrue, onFalse),
        _ => throw new InvalidOperationException($"no program for {node.GetType().Name}"),
    };

    private int Lay(Junction junction, int onTrue, int onFalse)
    {
        // The cheap first, and those that time changes last: whoever fails at a number is neither searched through nor woken.
        var parts = junction.Parts.OrderBy(Weight.Of).ToArray();
        // Only the last part decides alone; an earlier one goes on to its neighbour.
        var next = Lay(parts[^1], onTrue, onFalse);
        for (var i = parts.Length - 2; i >= 0; i--)
            next = junction.All ? Lay(parts[i], next, onFalse) : Lay(parts[i], onTrue, next);
        return next;
    }

    private int Lay(Compared compared, int onTrue, int onFalse)
    {
        var (left, op, right, asText) = compared;
        if (!right.IsLiteral) return Add(Paired(compared), onTrue, onFalse);
        if (asText) return Add(Text(op == Operator.Equal ? TestKind.TextEqual : TestKind.TextNotEqual, left, right.Names), onTrue, onFalse);
        if (left.IsMoment) return LayMoment(left, op, right.Number, onTrue, onFalse);
        var number = BitConverter.DoubleToInt64Bits((double)right.Number);
        return left.Source switch
        {
            Source.Number => Add(new Test { Kind = TestKind.NumberLess + (byte)op, Measure = left.Measure, Value = number }, onTrue, onFalse),
            Source.Trait => Add(new Test { Kind = TestKind.Trait, Measure = (byte)op, Names = Keep(left.Names), Value = number }, onTrue, onFalse),
            _ => Add(Count(left, op, number), onTrue, onFalse),
        };
    }

    private int LayMoment(Operand moment, Operator op, decimal days, int onTrue, int onFalse)
    {
        var threshold = days * Boundary.DayMs;
        switch (op)
        {
            case Operator.Less or Operator.AtMost:
                return Add(Moment(moment, TestKind.MomentBelow, Boundary.Of(op, threshold)), onTrue, onFalse);
            case Operator.More or Operator.AtLeast:
                return Add(Moment(moment, TestKind.MomentAtLeast, Boundary.Of(op, threshold)), onTrue, onFalse);
        }
        // "Exactly n days" holds for the one millisecond from n days on: at least n, and below n and a millisecond.
        var from = Boundary.Of(Operator.AtLeast, threshold);
        var to = Boundary.Of(Operator.AtMost, threshold);
        if (op == Operator.Equal)
            return Add(Moment(moment, TestKind.MomentAtLeast, from), Add(Moment(moment, TestKind.MomentBelow, to), onTrue, onFalse), onFalse);
        return Add(Moment(moment, TestKind.MomentBelow, from), onTrue, Add(Moment(moment, TestKind.MomentAtLeast, to), onTrue, onFalse));
    }

    private Test Moment(Operand moment, TestKind kind, long boundary) => new()
    {
        Kind = moment.Source == Source.Moment ? kind : kind == TestKind.MomentBelow ? TestKind.FormBelow : TestKind.FormAtLeast,
        Measure = moment.Measure,
        Names = moment.Source == Source.Moment ? 0 : Keep(moment.Names),
        Value = boundary,
    };

    private Test Text(TestKind kind, Operand left, byte[][] texts) => new()
    {
        Kind = kind,
        Measure = left.Source switch { Source.Trait => Test.TraitSource, Source.Arm => Test.ArmSource, _ => left.Measure },
        Names = left.Source == Source.Text ? 0 : Keep(left.Names),
        Texts = Keep(texts),
    };

    private Test Count(Operand count, Operator op, long number)
    {
        _windows.Add(count.WindowMs);
        return new Test { Kind = TestKind.Count, Measure = (byte)op, Names = Keep(count.Names), Texts = _windows.Count - 1, Value = number };
    }

    private Test Paired(Compared compared)
    {
        _pairs.Add(new Pair(compared));
        return new Test { Kind = TestKind.Pair, Names = _pairs.Count - 1 };
    }

    private int Keep(byte[][] names)
    {
        _pool.Add(names);
        return _pool.Count - 1;
    }

    private int Add(Test test, int onTrue, int onFalse)
    {
        test.OnTrue = onTrue;
        test.OnFalse = onFalse;
        _tests.Add(test);
        return _tests.Count - 1;
    }
}
