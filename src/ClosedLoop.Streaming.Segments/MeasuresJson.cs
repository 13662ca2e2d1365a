using System.Text.Json;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments;

/// <summary>The <c>measures</c> object of a webhook (CONTRACT.md §5): what the rule asked and what the answers were.</summary>
public static class MeasuresJson
{
    /// <summary>
    /// Writes one JSON object, keys in order of first mention: numbers as numbers, days as unrounded days, texts as text, conditions as
    /// true or false. Absent measures are left out, and so are traits (personal data, which a receiver asks for apart) and arms
    /// (they stand in <c>experiments</c>).
    /// </summary>
    public static void Write<T>(Rule rule, ref T person, long now, Utf8JsonWriter json) where T : IMeasures, allows ref struct
    {
        json.WriteStartObject();
        foreach (var operand in rule.Operands)
        {
            switch (operand.Source)
            {
                case Source.Trait or Source.Arm: break;
                case Source.Text:
                    var text = Readings.Text(ref person, operand);
                    if (!text.IsEmpty) json.WriteString(operand.Display, text);
                    break;
                default:
                    var number = Readings.Number(ref person, operand, now);
                    if (double.IsFinite(number)) json.WriteNumber(operand.Display, number);
                    break;
            }
        }
        foreach (var flag in rule.Flags) json.WriteBoolean(flag.Display, Answer(flag, ref person));
        json.WriteEndObject();
    }

    /// <summary>The same as bytes.</summary>
    public static byte[] Of(Rule rule, IMeasures person, long now)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes)) Write(rule, ref person, now, json);
        return bytes.ToArray();
    }

    private static bool Answer<T>(Flag flag, ref T person) where T : IMeasures, allows ref struct => flag.Kind switch
    {
        TestKind.CartOpen => person.CartOpen,
        TestKind.Consented => person.Consented,
        _ => person.Visited(flag.Path, flag.Kind == TestKind.VisitedPrefix),
    };
}
