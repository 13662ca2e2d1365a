using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.Segments;

/// <summary>What one step of a program asks.</summary>
internal enum TestKind : byte
{
    // In the order of Operator.
    NumberLess, NumberAtMost, NumberMore, NumberAtLeast, NumberEqual, NumberNotEqual,
    /// <summary>now &lt; moment + value, and its opposite; false when there is no moment.</summary>
    MomentBelow, MomentAtLeast,
    /// <summary>The same for the latest of some forms.</summary>
    FormBelow, FormAtLeast,
    TextEqual, TextNotEqual, TextIn,
    CartOpen, Consented, Visited, VisitedPrefix,
    Count, Trait, Pair,
    /// <summary>No question: the person is in the segment with the number in Value.</summary>
    Member,
}

/// <summary>
/// One step of a compiled rule: a question and where to go with each answer. <c>and</c>, <c>or</c>, <c>not</c> are only
/// targets, so nothing but questions costs time. Negative targets end the program.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Test
{
    public const int Yes = -1;
    public const int No = -2;

    /// <summary>Stands in <see cref="Measure"/> for texts that come by name instead of by enum.</summary>
    public const byte TraitSource = 253;
    public const byte ArmSource = 252;

    public TestKind Kind;
    /// <summary>Number of the measure in its enum, or one of the sources above; for Trait and Count the operator.</summary>
    public byte Measure;
    public int OnTrue;
    public int OnFalse;
    /// <summary>Index of the names asked for (trait, experiment, event, forms, path), or of a pair.</summary>
    public int Names;
    /// <summary>Index of the texts compared with, or of a count's window.</summary>
    public int Texts;
    /// <summary>The number compared with (bits of a double), the boundary in ms behind a moment, or a segment's number.</summary>
    public long Value;

    public readonly double Number => BitConverter.Int64BitsToDouble(Value);
}
