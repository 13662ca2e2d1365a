using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.House.Tests;

/// <summary>What may stand in no file. The words are put together here, so that this file obeys its own rules.</summary>
public class TextTests
{
    private static readonly Regex _unfinished = new(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|NotImplemented" + @"Exception)\b");

    private static readonly Regex _machine = new(@"(?<![\w.~/-])/(work|root|Users/\w+|home/(?!page)\w+)/|[A-Z]:\\Users\\|\bwork" + @"tree\b|\bco-auth" + "ored-by", RegexOptions.IgnoreCase);

    private static readonly (string Name, Regex Pattern)[] _secrets =
    [
        ("private key", new Regex("-----BEGIN [A-Z ]*PRIVATE" + " KEY-----")),
        ("AWS key", new Regex(@"\bAKIA[0-9A-Z]{16}\b")),
        ("GitHub token", new Regex(@"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}")),
        ("Slack token", new Regex(@"\bxox[abprs]-[A-Za-z0-9-]{10,}")),
        ("JSON web token", new Regex(@"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.")),
        ("password in an address", new Regex(@"\b(https?|redis|amqp)://[^\s/:@""'{}$]+:[^\s/@""'{}$]{4,}@(?!([\w-]+\.)*example\b|localhost|127\.)")),
    ];

    // A value of 16 and more characters with a digit in it; names, paths and words have none.
    private static readonly Regex _assigned = new(
        @"(?i)(password|secret|api_?key|admin_?key|write_?key|token)[""']?\s*[:=]\s*[""'](?=[^""']*\d)[A-Za-z0-9+/=_-]{16,}[""']");

    [Fact]
    public void Nothing_is_left_unfinished() => Rule.NoneOf(Matches(Repo.Texts(), _unfinished), "Finish it or write it into an issue:");

    [Fact]
    public void The_repository_speaks_of_the_product_only() => Rule.NoneOf(Matches(Repo.Texts(), _machine), "Nothing here is about one person's machine:");

    [Fact]
    public void There_are_no_secrets() =>
        Rule.NoneOf(_secrets.SelectMany(s => Matches(Repo.Texts(), s.Pattern).Select(m => $"{s.Name}: {m}")), "Secrets are made at the first start, never kept here:");

    [Fact]
    public void No_key_is_written_into_code_or_settings() =>
        // Tests may hold published test vectors.
        Rule.NoneOf(Matches(Repo.Texts().Where(p => !p.StartsWith("tests/", StringComparison.Ordinal)), _assigned), "Looks like a key or password:");

    [Fact]
    public void Fetched_parts_and_output_are_never_committed()
    {
        var ignored = Repo.Read(".gitignore").Split('\n').Select(l => l.Trim().TrimStart('/')).ToHashSet();
        foreach (var folder in new[] { "bin/", "obj/", "artifacts/", "data/", "node_modules/" }) Assert.Contains(folder, ignored);
        Rule.NoneOf(Repo.Files(".").Where(p => Path.GetExtension(p) is ".so" or ".dll" or ".exe" or ".tgz" or ".db"), "Binaries are fetched or built:");
    }

    private static IEnumerable<string> Matches(IEnumerable<string> paths, Regex pattern) =>
        from path in paths
        let lines = Repo.Read(path).Split('\n')
        from i in Enumerable.Range(0, lines.Length)
        where pattern.IsMatch(lines[i])
        select $"{path}:{i + 1}: {lines[i].Trim()}";
}
