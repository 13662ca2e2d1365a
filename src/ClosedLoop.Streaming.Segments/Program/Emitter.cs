namespace ClosedLoop.Streaming.Segments;

/// <summary>Lays a condition out as tests with targets, from the last to the first.</summary>
internal sealed class Emitter
{
    private readonly List<Test> _tests = [];
    private readonly List<byte[][]> _pool = [];
    private readonly List<Pair> _pairs = [];

    public static Steps Emit(Node node)
    {
        var emitter = new Emitter();
        var entry = emitter.Lay(node, Test.Yes, Test.No);
        return new Steps(entry, [.. emitter._tests], [.. emitter._pool], [.. emitter._pairs]);
    }

    private short Lay(Node node, short onTrue, short onFalse) => node switch
    {
        Constant constant => constant.Value ? onTrue : onFalse,
        Negation negation => Lay(negation.Of, onFalse, onTrue),
        Junction junction => Lay(junction, onTrue, onFalse),
        Flag flag => Add(new Test { Kind = flag.Kind, Names = Keep([flag.Path]) }, onTrue, onFalse),
        Listed listed => Add(Text(TestKind.TextIn, listed.Left, listed.Texts), onTrue, onFalse),
        Compared compared => Lay(compared, onTrue, onFalse),
        _ => throw new InvalidOperationException($"no program for {node.GetType().Name}"),
    };

    private short Lay(Junction junction, short onTrue, short onFalse)
    {
        // Only the last part decides alone; an earlier one goes on to its neighbour.
        var next = Lay(junction.Parts[^1], onTrue, onFalse);
        for (var i = junction.Parts.Count - 2; i >= 0; i--)
            next = junction.All ? Lay(junction.Parts[i], next, onFalse) : Lay(junction.Parts[i], onTrue, next);
        return next;
    }

    private short Lay(Compared compared, short onTrue, short onFalse)
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
            _ => Add(new Test { Kind = TestKind.Count, Measure = (byte)op, Names = Keep(left.Names), Value = number, WindowMs = left.WindowMs }, onTrue, onFalse),
        };
    }

    private short LayMoment(Operand moment, Operator op, decimal days, short onTrue, short onFalse)
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
        Kind = kind,
        Measure = moment.Source == Source.Forms ? Test.FormsSource : moment.Measure,
        Names = moment.Source == Source.Forms ? Keep(moment.Names) : (short)0,
        Value = boundary,
    };

    private Test Text(TestKind kind, Operand left, byte[][] texts) => new()
    {
        Kind = kind,
        Measure = left.Source switch { Source.Trait => Test.TraitSource, Source.Arm => Test.ArmSource, _ => left.Measure },
        Names = left.Source == Source.Text ? (short)0 : Keep(left.Names),
        Texts = Keep(texts),
    };

    private Test Paired(Compared compared)
    {
        _pairs.Add(new Pair(compared));
        return new Test { Kind = TestKind.Pair, Names = (short)(_pairs.Count - 1) };
    }

    private short Keep(byte[][] names)
    {
        _pool.Add(names);
        return (short)(_pool.Count - 1);
    }

    private short Add(Test test, short onTrue, short onFalse)
    {
        test.OnTrue = onTrue;
        test.OnFalse = onFalse;
        _tests.Add(test);
        return checked((short)(_tests.Count - 1));
    }
}
