using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.House.Tests;

public partial class ReadmeTests
{
    private const int LinesMax = 30;

    [GeneratedRegex(@"`(?<name>I?[A-Z][a-z][A-Za-z0-9]*)(?<rest>(?:\.[A-Za-z]\w*)?(?:<[^`]*>)?(?:\([^`]*\))?)`")]
    private static partial Regex CodeName();

    [GeneratedRegex(@"\b[A-Z]\w*")]
    private static partial Regex Identifier();

    [Fact]
    public void Every_room_says_what_it_promises() =>
        Rule.NoneOf(Rooms.InOrder.Where(r => !File.Exists(Path.Combine(Repo.Root, Rooms.Folder(r), "README.md"))), "Rooms without a README.md:");

    [Fact]
    public void A_rooms_readme_is_short() =>
        Rule.NoneOf(
            from path in Readmes()
            let lines = Repo.Read(path).TrimEnd().Split('\n').Length
            where lines > LinesMax
            select $"{path}: {lines} lines",
            $"A room's README has at most {LinesMax} lines:");

    [Fact]
    public void What_a_readme_names_exists()
    {
        // A type of ours, or one of its members, or a framework type that the code really uses.
        var known = Repo.Sources("src").SelectMany(p => Identifier().Matches(CodeText.Of(Repo.Read(p))).Select(m => m.Value)).ToHashSet();
        Assert.NotEmpty(Readmes());
        Rule.NoneOf(
            from path in Readmes().Append("README.md")
            from name in NamesIn(Repo.Read(path))
            where !known.Contains(name)
            select $"{path}: {name}",
            "A README names only what exists in src:");
    }

    [Fact]
    public void Names_in_backticks_are_told_from_other_words() =>
        Assert.Equal(
            ["SegmentRule", "Shelf", "Id", "AtDoor", "Apply", "IJournal"],
            NamesIn("`SegmentRule`, `Shelf`, `Id.AtDoor(…)`, `Apply(state, event)`, `IJournal<T>`, `POST /v1/events`, `warm`, `Retry-After`, `README.md`, `CLOSEDLOOP_PORT`"));

    private static IEnumerable<string> NamesIn(string text) =>
        from Match match in CodeName().Matches(text)
        where !match.Groups["rest"].Value.EndsWith(".md", StringComparison.Ordinal)
        from name in new[] { match.Groups["name"].Value }.Concat(Identifier().Matches(Before(match.Groups["rest"].Value)).Select(m => m.Value))
        select name;

    /// <summary>Only what stands before generic arguments and parameters: those are for the reader.</summary>
    private static string Before(string rest) => rest.IndexOfAny(['<', '(']) is var at && at < 0 ? rest : rest[..at];

    private static IEnumerable<string> Readmes() => Rooms.InOrder.Select(r => Rooms.Folder(r) + "/README.md").Where(p => File.Exists(Path.Combine(Repo.Root, p)));
}
