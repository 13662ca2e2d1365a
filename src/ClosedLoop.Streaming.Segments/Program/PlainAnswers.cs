using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments;

/// <summary>What is known beforehand of a visitor who has only looked at pages: nothing was bought, sent, scored or said.</summary>
internal static class PlainAnswers
{
    /// <summary>The answer, or null when it depends on the visitor.</summary>
    public static bool? Known(Node node) => node switch
    {
        Flag flag => flag.Kind is TestKind.CartOpen or TestKind.Consented ? Ask(node) : null,
        Listed listed => IsFixed(listed.Left) ? Ask(node) : null,
        Compared compared => IsFixed(compared.Left) && (compared.Right.IsLiteral || IsFixed(compared.Right)) ? Ask(node) : null,
        _ => null,
    };

    private static bool IsFixed(Operand operand) => operand.Source switch
    {
        Source.Number => PlainPerson.IsFixed((NumberMeasure)operand.Measure),
        Source.Moment => PlainPerson.IsFixed((TimeMeasure)operand.Measure),
        Source.Text => PlainPerson.IsFixed((TextMeasure)operand.Measure),
        Source.Trait or Source.Forms => true,
        _ => false,
    };

    // Somebody without a history gives the same answer to what page views cannot move, at any moment.
    private static bool Ask(Node node)
    {
        var nobody = new PlainPerson();
        var due = long.MaxValue;
        return Emitter.Emit(node).Run(ref nobody, 0, ref due, ref System.Runtime.CompilerServices.Unsafe.NullRef<MemberBits>());
    }
}
