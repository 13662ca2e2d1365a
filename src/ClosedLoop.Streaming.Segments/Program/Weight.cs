namespace ClosedLoop.Streaming.Segments;

/// <summary>What a condition costs, roughly: the order in which <c>and</c> and <c>or</c> ask. Answers don't depend on the order, only work and wakings do.</summary>
internal static class Weight
{
    public static int Of(Node node) => node switch
    {
        Negation negation => Of(negation.Of),
        Junction junction => junction.Parts.Max(Of),
        Flag flag => flag.Kind is TestKind.CartOpen or TestKind.Consented ? 0 : 3,
        Listed => 1,
        Compared compared => Math.Max(Of(compared.Left), Of(compared.Right)),
        _ => 0,
    };

    private static int Of(Operand operand) => operand.Source switch
    {
        Source.Text => 1,
        Source.Trait or Source.Arm => 2,
        Source.Moment or Source.Forms => 4,
        Source.Count => 5,
        _ => 0,
    };
}
