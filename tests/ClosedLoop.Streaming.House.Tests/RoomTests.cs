using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ClosedLoop.Streaming.House.Tests;

public class RoomTests
{
    [Fact]
    public void Every_folder_in_src_is_a_room_and_every_room_is_there()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repo.Root, "src")).Select(f => Path.GetFileName(f)!);
        Assert.Equal(Rooms.InOrder.Select(r => Rooms.Prefix + r).Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_room_uses_only_rooms_above_it()
    {
        var offenders = new List<string>();
        for (var i = 0; i < Rooms.InOrder.Length; i++)
        {
            var above = Rooms.InOrder[..i];
            foreach (var used in References(Rooms.InOrder[i], "ProjectReference").Select(Path.GetFileNameWithoutExtension))
                if (!above.Contains(used!.Replace(Rooms.Prefix, "", StringComparison.Ordinal)))
                    offenders.Add($"{Rooms.InOrder[i]} uses {used}");
        }
        Rule.NoneOf(offenders, "A room uses only rooms above it in Rooms.InOrder:");
    }

    [Fact]
    public void A_pure_room_has_no_package_and_no_framework() =>
        Rule.NoneOf(
            from room in Rooms.Pure
            from kind in new[] { "PackageReference", "FrameworkReference", "Reference" }
            from used in References(room, kind)
            select $"{room} uses {used}",
            "A pure room references nothing but pure rooms:");

    [Fact]
    public void A_pure_room_never_waits_and_reads_no_clock()
    {
        var waiting = new Regex(@"\b(async|await|Task|ValueTask|Thread|Timer|Stopwatch|TimeProvider|File|Directory|Socket|HttpClient|Environment|Console)\b");
        Rule.NoneOf(
            from path in Repo.Sources([.. Rooms.Pure.Select(Rooms.Folder)])
            from match in waiting.Matches(CodeText.Of(Repo.Read(path)))
            // A member of ours may bear such a name; the framework's is never reached through a dot.
            where !IsMember(Repo.Read(path), match.Index)
            select $"{path}: {match.Value}",
            "A pure room decides; waiting, files, sockets and clocks are the shells' part:");
    }

    [Fact]
    public void Only_the_host_is_a_program() =>
        Rule.NoneOf(
            Rooms.InOrder.Where(r => r != "Host" && Repo.Read(Rooms.Project(r)).Contains("<OutputType>", StringComparison.Ordinal)),
            "The Host is the only executable:");

    [Fact]
    public void The_solution_holds_every_project()
    {
        var solution = Repo.Read("ClosedLoop.Streaming.sln").Replace('\\', '/');
        var projects = Repo.Files("src", ".csproj").Concat(Repo.Files("tests", ".csproj")).ToList();
        Assert.True(projects.Count > Rooms.InOrder.Length);
        Rule.NoneOf(projects.Where(p => !solution.Contains($"\"{p}\"", StringComparison.Ordinal)), "Not in the solution, so plain dotnet test leaves it out:");
    }

    private static IEnumerable<string> References(string room, string kind) =>
        XDocument.Parse(Repo.Read(Rooms.Project(room))).Descendants(kind).Select(e => ((string?)e.Attribute("Include"))!);

    private static bool IsMember(string text, int at) => at > 0 && text[at - 1] == '.';
}
