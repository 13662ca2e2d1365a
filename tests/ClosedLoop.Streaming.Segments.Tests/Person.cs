using System.Text;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments.Tests;

/// <summary>A person made of plain collections: the obvious reading of what <see cref="IMeasures"/> promises.</summary>
internal sealed class Person : IMeasures
{
    public const long Day = 86_400_000;
    public const long Now = 1_700_000_000_000;

    public Dictionary<NumberMeasure, double> Numbers { get; } = [];
    public Dictionary<TimeMeasure, long> Moments { get; } = [];
    public Dictionary<TextMeasure, string> Texts { get; } = [];
    public Dictionary<string, string> Traits { get; } = [];
    public Dictionary<string, string> Arms { get; } = [];
    public Dictionary<string, long> Forms { get; } = [];
    public List<(string Name, long AtMs)> Events { get; } = [];
    public List<string> Pages { get; } = [];
    public bool CartOpen { get; set; }
    public bool Consented { get; set; }

    public bool TryNumber(NumberMeasure measure, out double value) => Numbers.TryGetValue(measure, out value);

    public long MomentOf(TimeMeasure measure) => Moments.GetValueOrDefault(measure);

    public ReadOnlySpan<byte> TextOf(TextMeasure measure) => Utf8(Texts.GetValueOrDefault(measure));

    public ReadOnlySpan<byte> Trait(ReadOnlySpan<byte> name) => Utf8(Traits.GetValueOrDefault(Encoding.UTF8.GetString(name)));

    public ReadOnlySpan<byte> Arm(ReadOnlySpan<byte> experiment) => Utf8(Arms.GetValueOrDefault(Encoding.UTF8.GetString(experiment)));

    public long FormSent(ReadOnlySpan<byte> form) => Forms.GetValueOrDefault(Encoding.UTF8.GetString(form));

    public int CountAfter(ReadOnlySpan<byte> name, long afterMs, out long oldestMs)
    {
        var text = Encoding.UTF8.GetString(name);
        var counted = Events.Where(e => e.Name == text && e.AtMs > afterMs).Select(e => e.AtMs).ToList();
        oldestMs = counted.Count == 0 ? 0 : counted.Min();
        return counted.Count;
    }

    public long MomentAfter(ReadOnlySpan<byte> name, long afterMs, int place)
    {
        var text = Encoding.UTF8.GetString(name);
        return Events.Where(e => e.Name == text && e.AtMs > afterMs).Select(e => e.AtMs).Order().ElementAt(place);
    }

    public bool Visited(ReadOnlySpan<byte> path, bool prefix)
    {
        var text = Encoding.UTF8.GetString(path);
        return Pages.Exists(page => prefix ? page.StartsWith(text, StringComparison.Ordinal) : page == text);
    }

    private static ReadOnlySpan<byte> Utf8(string? text) => text is null ? default : Encoding.UTF8.GetBytes(text);

    /// <summary>"page_views 3; days_since_last_visit 2; stage mql; trait city Lviv; count add_to_cart 1; form demo 5; visited /a; cart_open".</summary>
    public static Person Of(string description)
    {
        var person = new Person();
        foreach (var part in description.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = part.Split(' ', 3);
            var rest = part.Length > words[0].Length ? part[(words[0].Length + 1)..] : "";
            if (Vocabulary.Numbers.TryGetValue(words[0], out var number)) person.Numbers[number] = Parse(rest);
            else if (Vocabulary.Moments.TryGetValue(words[0], out var moment)) person.Moments[moment] = Ago(rest);
            else if (Vocabulary.Texts.TryGetValue(words[0], out var text)) person.Texts[text] = rest;
            else person.Set(words);
        }
        return person;
    }

    private void Set(string[] words)
    {
        switch (words[0])
        {
            case "trait": Traits[words[1]] = words[2]; break;
            case "arm": Arms[words[1]] = words[2]; break;
            case "form": Forms[words[1]] = Ago(words[2]); break;
            case "count": Events.Add((words[1], Ago(words[2]))); break;
            case "visited": Pages.Add(words[1]); break;
            case "cart_open": CartOpen = true; break;
            case "consented": Consented = true; break;
            default: throw new ArgumentException($"no measure {words[0]}");
        }
    }

    private static double Parse(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static long Ago(string days) => Now - (long)(Parse(days) * Day);
}
