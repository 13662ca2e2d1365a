using System.Text;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Visitors.Tests.Sources;

/// <summary>Our lists against public ones of the same kind.</summary>
public class KnownHostsTests
{
    [Fact]
    public void At_least_a_hundred_and_fifty_hosts() => Assert.True(SourceLists.Hosts >= 1500, $"{SourceLists.Hosts} hosts");

    [Theory]
    [InlineData("SearchEngines.yml", 93, new[] { "search", "ai", "social", "shopping" })]
    [InlineData("Socials.yml", 99, new[] { "social", "video" })]
    [InlineData("AIAssistants.yml", 100, new[] { "ai" })]
    public void Public_lists_are_covered(string file, int percentMin, string[] kinds)
    {
        var hosts = SharedReferrers.Hosts(file);
        Assert.True(hosts.Count > 10);
        var missed = hosts.Where(host => !kinds.Contains(MediumOf(host))).ToList();
        Assert.True((hosts.Count - missed.Count) * 100 >= hosts.Count * percentMin,
            $"{missed.Count} of {hosts.Count} missed:\n" + string.Join('\n', missed.Select(host => $"{host} {MediumOf(host)}")));
    }

    [Fact]
    public void Spam_hosts_are_no_known_sources()
    {
        var hosts = SharedReferrers.Hosts("referrer-spam-list.txt");
        Assert.DoesNotContain(hosts, host => MediumOf(host) != "referral");
    }

    [Theory]
    [InlineData("google", SourceKind.Search)]
    [InlineData("Google Ads", SourceKind.Search)]
    [InlineData("bing", SourceKind.Search)]
    [InlineData("www.google.com", SourceKind.Search)]
    [InlineData("facebook", SourceKind.Social)]
    [InlineData("FB", SourceKind.Social)]
    [InlineData("ig", SourceKind.Social)]
    [InlineData("https://www.linkedin.com/feed", SourceKind.Social)]
    [InlineData("l.facebook.com", SourceKind.Social)]
    [InlineData("youtube", SourceKind.Video)]
    [InlineData("yt", SourceKind.Video)]
    [InlineData("youtube.com", SourceKind.Video)]
    [InlineData("amazon", SourceKind.Shopping)]
    [InlineData("ebay.co.uk", SourceKind.Shopping)]
    [InlineData("chatgpt.com", SourceKind.Ai)]
    [InlineData("perplexity", SourceKind.Ai)]
    [InlineData("newsletter", SourceKind.None)]
    [InlineData("free", SourceKind.None)]
    [InlineData("target", SourceKind.None)]
    [InlineData("target.com", SourceKind.Shopping)]
    [InlineData("paypal", SourceKind.None)]
    [InlineData("", SourceKind.None)]
    [InlineData("...", SourceKind.None)]
    public void Names_as_campaigns_write_them(string name, SourceKind kind) =>
        Assert.Equal(kind, SourceLists.OfName(Encoding.UTF8.GetBytes(name))?.Kind ?? SourceKind.None);

    [Fact]
    public void Every_line_of_the_list_is_reachable()
    {
        foreach (var line in Lines())
        {
            var columns = line.Split('\t');
            Assert.True(columns.Length is >= 4 and <= 6, line);
            var kind = Enum.Parse<SourceKind>(columns[0], ignoreCase: true);
            foreach (var host in columns[3].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                Assert.True(KindOf(host) == kind, $"{columns[1]}: {host} is found as {KindOf(host)}");
        }
    }

    private static SourceKind? KindOf(string written)
    {
        var host = written.TrimStart('=').Replace(".**", ".example", StringComparison.Ordinal).Replace(".*", ".de", StringComparison.Ordinal);
        var slash = host.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? SourceLists.OfHost(Encoding.UTF8.GetBytes(host))?.Kind
            : SourceLists.OfAddress(Encoding.UTF8.GetBytes(host[..slash]), Encoding.UTF8.GetBytes(host[slash..]))?.Kind;
    }

    private static string MediumOf(string host) => SourceRow.Of($"https://{host}/").RefrMedium;

    private static IEnumerable<string> Lines()
    {
        using var reader = new StreamReader(typeof(SourceLists).Assembly.GetManifestResourceStream("hosts.tsv")!);
        while (reader.ReadLine() is { } line)
            if (!line.StartsWith('#')) yield return line;
    }
}
