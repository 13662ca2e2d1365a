using System.Text.Json;

namespace ClosedLoop.Streaming.Segments;

/// <summary>One reading of a definition file; keeps where each value stands, so that mistakes can point at it.</summary>
internal sealed partial class SegmentFileReading
{
    private static readonly string[] Properties = ["name", "rule", "group", "order", "action", "notify", "version"];

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public List<SegmentDefinition> Definitions { get; } = [];

    public List<FileMistake> Mistakes { get; } = [];

    public void Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > RuleLimits.FileBytesMax)
        {
            Mistakes.Add(new FileMistake(1, 1, $"the file has {utf8.Length} bytes; at most {RuleLimits.FileBytesMax} are allowed"));
            return;
        }
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        var json = new Utf8JsonReader(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            ReadFile(ref json, utf8);
        }
        catch (JsonException wrong)
        {
            Mistakes.Add(new FileMistake((int)(wrong.LineNumber ?? 0) + 1, (int)(wrong.BytePositionInLine ?? 0) + 1, $"no JSON: {wrong.Message}"));
        }
        catch (InvalidOperationException)
        {
            // The reader says so of half a surrogate pair and of bytes that are no UTF-8.
            Wrong(utf8, json.TokenStartIndex, "the text holds no valid Unicode");
        }
    }

    private void ReadFile(ref Utf8JsonReader json, ReadOnlySpan<byte> utf8)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            Wrong(utf8, json.TokenStartIndex, "expected {\"segments\":[…]}");
            return;
        }
        var seen = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var at = json.TokenStartIndex;
            var name = json.GetString()!;
            json.Read();
            if (name != "segments") Wrong(utf8, at, $"unknown property \"{name}\"; the file has one, \"segments\"");
            else if (json.TokenType != JsonTokenType.StartArray) Wrong(utf8, json.TokenStartIndex, "\"segments\" is an array");
            else
            {
                seen = true;
                while (json.Read() && json.TokenType != JsonTokenType.EndArray) ReadSegment(ref json, utf8);
                continue;
            }
            json.Skip();
        }
        // Whatever follows the object is a mistake that only a further read finds.
        if (json.Read() || seen) return;
        Wrong(utf8, 0, "the property \"segments\" is missing");
    }

    private void ReadSegment(ref Utf8JsonReader json, ReadOnlySpan<byte> utf8)
    {
        var start = json.TokenStartIndex;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            Wrong(utf8, start, "a segment is an object with at least \"name\" and \"rule\"");
            json.Skip();
            return;
        }
        string? name = null, rule = null, group = null, action = null;
        long order = 0, version = 1, nameAt = start, ruleAt = start;
        var notify = false;
        var before = Mistakes.Count;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var propertyAt = json.TokenStartIndex;
            var property = json.GetString()!;
            json.Read();
            switch (property)
            {
                case "name": nameAt = json.TokenStartIndex; name = Text(ref json, utf8, property); break;
                case "rule": ruleAt = json.TokenStartIndex; rule = Text(ref json, utf8, property); break;
                case "group": group = json.TokenType == JsonTokenType.Null ? null : Text(ref json, utf8, property); break;
                case "order": order = Whole(ref json, utf8, property); break;
                case "version": version = Whole(ref json, utf8, property); break;
                case "notify": notify = Truth(ref json, utf8, property); break;
                case "action": action = Raw(ref json); break;
                default:
                    Wrong(utf8, propertyAt, $"unknown property \"{property}\"{Nearest.Hint(property, Properties)}; known are {string.Join(", ", Properties)}");
                    json.Skip();
                    break;
            }
        }
        if (name is null && Mistakes.Count == before) Wrong(utf8, start, "the segment has no \"name\"");
        if (rule is null && Mistakes.Count == before) Wrong(utf8, start, "the segment has no \"rule\"");
        if (Mistakes.Count > before) return;
        var definition = new SegmentDefinition
        {
            Name = name!, Rule = rule!, Group = group, Order = (int)order, ActionJson = action, Notify = notify, Version = (int)version,
        };
        Check(definition, utf8, nameAt, ruleAt);
        Definitions.Add(definition);
    }

    private void Check(SegmentDefinition definition, ReadOnlySpan<byte> utf8, long nameAt, long ruleAt)
    {
        if (!_names.Add(definition.Name)) Wrong(utf8, nameAt, $"there are two segments named \"{definition.Name}\"");
        if (_names.Count == RuleLimits.SegmentsMax + 1) Wrong(utf8, nameAt, $"there are more than {RuleLimits.SegmentsMax} segments");
        var wrong = new List<SegmentMistake>();
        RuleSetBuilder.Compile(definition, wrong);
        foreach (var mistake in wrong)
            Wrong(utf8, mistake.Position >= 0 ? ruleAt : nameAt,
                $"segment \"{definition.Name}\": {(mistake.Position >= 0 ? $"rule, at {mistake.Position}: " : "")}{mistake.Message}");
    }
}
