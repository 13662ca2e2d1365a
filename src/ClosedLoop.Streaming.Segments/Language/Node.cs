namespace ClosedLoop.Streaming.Segments;

/// <summary>A condition: true or false for a person at a moment.</summary>
internal abstract record Node;

internal sealed record Constant(bool Value) : Node;

internal sealed record Negation(Node Of) : Node;

/// <summary>All parts (<c>and</c>) or any of them (<c>or</c>).</summary>
internal sealed record Junction(bool All, IReadOnlyList<Node> Parts) : Node;

/// <summary><c>cart_open</c>, <c>consented</c>, or <c>visited</c> with its path.</summary>
internal sealed record Flag(TestKind Kind, string Display, byte[] Path) : Node;

/// <summary>Two values and an operator. A literal, where there is one, stands right.</summary>
internal sealed record Compared(Operand Left, Operator Operator, Operand Right, bool AsText) : Node;

/// <summary>A text among texts. Numbers in lists become a junction of comparisons.</summary>
internal sealed record Listed(Operand Left, byte[][] Texts) : Node;

internal enum Operator : byte { Less, AtMost, More, AtLeast, Equal, NotEqual }

internal static class Operators
{
    public static Operator Of(TokenKind kind) => (Operator)(kind - TokenKind.Less);

    /// <summary>The operator that says the same with its sides exchanged.</summary>
    public static Operator Mirrored(this Operator op) => op switch
    {
        Operator.Less => Operator.More,
        Operator.AtMost => Operator.AtLeast,
        Operator.More => Operator.Less,
        Operator.AtLeast => Operator.AtMost,
        _ => op,
    };

    /// <summary>False for anything compared with a NaN: that is how "absent" reads.</summary>
    public static bool Holds(this Operator op, double left, double right) => op switch
    {
        Operator.Less => left < right,
        Operator.AtMost => left <= right,
        Operator.More => left > right,
        Operator.AtLeast => left >= right,
        Operator.Equal => left == right,
        _ => left < right || left > right,
    };
}
