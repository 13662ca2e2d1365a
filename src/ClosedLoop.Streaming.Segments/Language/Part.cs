namespace ClosedLoop.Streaming.Segments;

/// <summary>What was read: a condition or a value, and where it began.</summary>
internal readonly record struct Part(Node? Node, Operand? Operand, int Position)
{
    /// <exception cref="MistakeException">It is a value.</exception>
    public Node Condition() => Node ?? throw new MistakeException(Position, NoCondition(Operand!));

    /// <exception cref="MistakeException">It is a condition.</exception>
    public Operand Value() => Operand
        ?? throw new MistakeException(Position, "this is true or false, not a value that can be compared with a number or text");

    private static string NoCondition(Operand operand)
    {
        if (operand.IsLiteral) return $"{operand.Display} is a value, not a condition; compare something with it";
        var example = operand.CanBeText ? "= \"…\"" : ">= 1";
        return $"{operand.Display} is {operand.Kind}, not a condition; compare it, for example {operand.Display} {example}";
    }
}
