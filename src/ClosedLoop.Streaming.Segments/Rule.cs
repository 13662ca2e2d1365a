using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments;

/// <summary>
/// A rule, compiled once. Immutable and safe for any number of threads; asking it allocates nothing. The language is in the room's README.
/// </summary>
public sealed class Rule
{
    private readonly Steps _steps;
    private readonly Operand[] _operands;
    private readonly Flag[] _flags;

    private Rule(string text, Node node, Parser parser)
    {
        Text = text;
        Node = node;
        _steps = Emitter.Emit(node);
        _operands = [.. parser.Operands];
        _flags = [.. parser.Flags];
        Measures = [.. _operands.Select(operand => operand.Display), .. _flags.Select(flag => flag.Display)];
    }

    /// <summary>The rule as it was written.</summary>
    public string Text { get; }

    /// <summary>The measures that the rule mentions, each once, as they are written without spaces: values first, then conditions.</summary>
    public IReadOnlyList<string> Measures { get; }

    /// <summary>False with the first mistake when the text is no rule; nothing is thrown for hostile text.</summary>
    public static bool TryCompile(string text, [NotNullWhen(true)] out Rule? rule, [NotNullWhen(false)] out RuleMistake? mistake)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            var (node, parser) = Parser.Parse(text);
            (rule, mistake) = (new Rule(text, node, parser), null);
            return true;
        }
        catch (MistakeException wrong)
        {
            (rule, mistake) = (null, wrong.Mistake);
            return false;
        }
    }

    /// <summary>Whether the rule holds for a person.</summary>
    /// <param name="person">The person's measures; a class, or a (ref) struct without boxing.</param>
    /// <param name="now">Unix ms.</param>
    /// <param name="due">
    /// Lowered to the earliest ms after <paramref name="now"/> at which the answer may become another if nothing happens;
    /// start with <see cref="long.MaxValue"/>, which stays when there is none. Until then the answer is constant.
    /// </param>
    public bool Holds<T>(ref T person, long now, ref long due) where T : IMeasures, allows ref struct =>
        _steps.Run(ref person, now, ref due, ref Unsafe.NullRef<MemberBits>());

    /// <inheritdoc cref="Holds{T}(ref T, long, ref long)"/>
    public bool Holds(IMeasures person, long now)
    {
        var due = long.MaxValue;
        return Holds(ref person, now, ref due);
    }

    /// <summary>The earliest unix ms after <paramref name="now"/> at which the answer may change by silence; <see cref="long.MaxValue"/> when never.</summary>
    public long NextDue(IMeasures person, long now)
    {
        var due = long.MaxValue;
        Holds(ref person, now, ref due);
        return due;
    }

    internal Node Node { get; }

    internal ReadOnlySpan<Operand> Operands => _operands;

    internal ReadOnlySpan<Flag> Flags => _flags;
}
