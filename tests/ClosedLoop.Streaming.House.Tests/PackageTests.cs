using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ClosedLoop.Streaming.House.Tests;

public class PackageTests
{
    private static readonly Regex _exact = new(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$");

    private static IEnumerable<string> ProjectFiles() => Repo.Files(".").Where(p => Path.GetExtension(p) is ".csproj" or ".props" or ".targets");

    [Fact]
    public void Versions_stand_in_one_place() =>
        Rule.NoneOf(
            from path in ProjectFiles()
            from reference in XDocument.Parse(Repo.Read(path)).Descendants("PackageReference")
            where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null || reference.Element("Version") is not null
            select $"{path}: {(string?)reference.Attribute("Include")}",
            "Versions stand in Directory.Packages.props only:");

    [Fact]
    public void Every_package_has_one_exact_version()
    {
        var central = XDocument.Parse(Repo.Read("Directory.Packages.props"));
        Assert.Equal("true", central.Descendants("ManagePackageVersionsCentrally").Single().Value);
        var pinned = central.Descendants("PackageVersion").ToLookup(e => (string)e.Attribute("Include")!, e => (string)e.Attribute("Version")!);
        Assert.True(pinned.Count > 0);
        Rule.NoneOf(pinned.SelectMany(p => p.Where(v => !_exact.IsMatch(v)).Select(v => $"{p.Key} {v}")), "A version is exact, never a range:");
        Rule.NoneOf(
            from path in ProjectFiles()
            from reference in XDocument.Parse(Repo.Read(path)).Descendants("PackageReference")
            let name = (string?)reference.Attribute("Include")
            where name is not null && !pinned.Contains(name)
            select $"{path}: {name}",
            "Packages without a version in Directory.Packages.props:");
    }

    [Fact]
    public void The_sdk_is_pinned()
    {
        using var settings = JsonDocument.Parse(Repo.Read("global.json"));
        Assert.Matches(@"^10\.0\.\d+$", settings.RootElement.GetProperty("sdk").GetProperty("version").GetString());
    }

    [Fact]
    public void Fetched_npm_packages_are_exact_and_locked()
    {
        var manifests = Repo.Files("eng/npm", "package.json");
        Assert.NotEmpty(manifests);
        foreach (var path in manifests)
        {
            using var manifest = JsonDocument.Parse(Repo.Read(path));
            using var locked = JsonDocument.Parse(Repo.Read(path.Replace("package.json", "package-lock.json", StringComparison.Ordinal)));
            foreach (var wanted in manifest.RootElement.GetProperty("dependencies").EnumerateObject())
            {
                Assert.Matches(_exact, wanted.Value.GetString());
                var entry = locked.RootElement.GetProperty("packages").GetProperty("node_modules/" + wanted.Name);
                Assert.Equal(wanted.Value.GetString(), entry.GetProperty("version").GetString());
                Assert.StartsWith("sha512-", entry.GetProperty("integrity").GetString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Warnings_are_errors_and_banned_calls_stay_banned()
    {
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", Repo.Read("Directory.Build.props"), StringComparison.Ordinal);
        var banned = Repo.Read("src/BannedSymbols.txt");
        foreach (var symbol in new[] { "DateTime.UtcNow", "DateTime.Now", "DateTimeOffset.UtcNow", "DateTimeOffset.Now", "Guid.NewGuid", "Random.Shared" })
            Assert.Contains($"System.{symbol};", banned, StringComparison.Ordinal);
        const string Rule0 = "RS0030";
        Rule.NoneOf(
            from path in Repo.Files("src").Concat(ProjectFiles()).Append(".editorconfig").Distinct()
            let text = Repo.Read(path)
            where text.Contains(Rule0, StringComparison.Ordinal) || text.Contains("<TreatWarningsAsErrors>false", StringComparison.Ordinal)
            select path,
            "Banned calls and warnings are not switched off:");
    }
}
