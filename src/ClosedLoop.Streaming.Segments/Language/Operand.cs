using System.Globalization;
using System.Text;

namespace ClosedLoop.Streaming.Segments;

/// <summary>Where a value comes from.</summary>
internal enum Source : byte { Number, Moment, Forms, Count, Text, Trait, Arm, NumberLiteral, TextLiteral }

/// <summary>A value in a rule: a measure or a literal.</summary>
internal sealed record Operand(Source Source, int Position, string Display)
{
    /// <summary>The measure's number in its enum.</summary>
    public byte Measure { get; init; }

    /// <summary>Names or texts as UTF-8: the trait, the experiment, the event, the forms, the literal.</summary>
    public byte[][] Names { get; init; } = [];

    public long WindowMs { get; init; }

    public decimal Number { get; init; }

    public bool IsLiteral => Source is Source.NumberLiteral or Source.TextLiteral;

    public bool IsMoment => Source is Source.Moment or Source.Forms;

    /// <summary>A trait is text, and a number where it is compared with one.</summary>
    public bool CanBeNumber => Source is Source.Number or Source.Moment or Source.Forms or Source.Count or Source.Trait or Source.NumberLiteral;

    public bool CanBeText => Source is Source.Text or Source.Trait or Source.Arm or Source.TextLiteral;

    public string Kind => Source is Source.Trait ? "a trait" : CanBeText ? "text" : "a number";

    public static Operand Of(Token token) => token.Kind == TokenKind.Number
        ? new Operand(Source.NumberLiteral, token.Position, token.Text) { Number = token.Number }
        : new Operand(Source.TextLiteral, token.Position, Quote(token.Text)) { Names = [Encoding.UTF8.GetBytes(token.Text)] };

    /// <summary>The call as it would be written with no spaces: the key of the measure in a webhook.</summary>
    public static string Call(string name, IEnumerable<string> arguments, string window = "") =>
        string.Create(CultureInfo.InvariantCulture, $"{name}({string.Join(',', arguments.Select(Quote))}{(window.Length > 0 ? "," : "")}{window})");

    public static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
