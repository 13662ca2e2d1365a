using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.Segments;

/// <summary>What one step of a program asks.</summary>
internal enum TestKind : byte
{
    // In the order of Operator.
    NumberLess, NumberAtMost, NumberMore, NumberAtLeast, NumberEqual, NumberNotEqual,
    /// <summary>now &lt; moment + value, and its opposite; false when there is no moment.</summary>
    MomentBelow, MomentAtLeast,
    TextEqual, TextNotEqual, TextIn,
    Trait, Count, Pair,
    CartOpen, Consented, Visited, VisitedPrefix,
}

/// <summary>
/// One step of a compiled rule: a question and where to go with each answer. <c>and</c>, <c>or</c>, <c>not</c> are only
/// targets, so nothing but questions costs time. Negative targets end the program.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Test
{
    public const short Yes = -1;
    public const short No = -2;

    /// <summary>Stands in <see cref="Measure"/> for what comes by name instead of by enum.</summary>
    public const byte FormsSource = 254;
    public const byte TraitSource = 253;
    public const byte ArmSource = 252;

    public TestKind Kind;
    /// <summary>Number of the measure in its enum, or one of the sources above; for Trait and Count the operator.</summary>
    public byte Measure;
    public short OnTrue;
    public short OnFalse;
    /// <summary>Index of the names (trait, experiment, event, forms, path) and of the texts compared with.</summary>
    public short Names;
    public short Texts;
    /// <summary>The number compared with (bits of a double), or the boundary in ms behind a moment.</summary>
    public long Value;
    public long WindowMs;

    public readonly double Number => BitConverter.Int64BitsToDouble(Value);
}
