namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>Open-redirect payloads against every place that takes a target.</summary>
public class RedirectCorpusTests
{
    private static readonly string[] _own =
    [
        "//evil.example", "/\\evil.example", "\\/evil.example", "https:evil.example", "https:/evil.example", "https:///evil.example", "javascript:alert(1)",
        "data:text/html,x", "https://shop.example@evil.example/", "https://evil.example\\@shop.example/", "https://shop.example.evil.example/",
        "https://evil.example/?https://shop.example", "https://shop.example%2eevil.example/", "https://shop.example%00.evil.example/", "/\t/evil.example",
        "https://shop.example:80@evil.example", "https://[::1]/", "http://evil.example#shop.example", "https://shop.exampl\u212A/", "https://shop.example\r\nLocation: https://evil.example",
        "/%0d%0aLocation:%20https://evil.example", "////evil.example", "/.evil.example", "https://shop。example.evil.example/", "\u00A0//evil.example", " https://evil.example",
    ];

    private static IEnumerable<string> Payloads()
    {
        var folder = SharedData.Folder("redirects");
        if (folder is null) return _own;
        return Directory.GetFiles(folder, "*.txt").SelectMany(File.ReadAllLines).Where(l => l.Length > 0).Concat(_own).Distinct();
    }

    /// <summary>Variants that a filter which decodes once, twice or not at all would let pass.</summary>
    private static IEnumerable<string> Spellings(string payload) =>
        [payload, Uri.EscapeDataString(payload), payload.Replace("/", "\\", StringComparison.Ordinal), payload + "?shop.example", "\t" + payload];

    [Fact]
    public async Task No_form_return_leads_outside_the_site_s_hosts()
    {
        await using var door = TestDoor.Open();
        foreach (var payload in Payloads().SelectMany(Spellings).Distinct())
        {
            var answer = await door.FormAsync("/f/demo", "email=a@b.example&return=" + Uri.EscapeDataString(payload));
            Assert.Equal(303, (int)answer.StatusCode);
            Inside(answer, payload, "shop.example", "www.shop.example");
        }
    }

    [Fact]
    public async Task No_unsigned_target_is_ever_a_redirect()
    {
        await using var door = TestDoor.Open();
        var signature = new LinkSigner(door.Keyring.LinkKey).Signature(new SignedLink("https://good.example/"));
        foreach (var payload in Payloads().SelectMany(Spellings).Distinct())
        {
            var answer = await door.GetAsync("/r?u=" + Uri.EscapeDataString(payload) + "&s=" + signature);
            Assert.Equal(400, (int)answer.StatusCode);
            Assert.False(answer.Headers.Contains("Location"), payload);
            var asSlug = await door.GetAsync("/r/" + Uri.EscapeDataString(payload.Replace(".", "", StringComparison.Ordinal)));
            Assert.False(asSlug.Headers.Contains("Location"), payload);
        }
    }

    private static void Inside(HttpResponseMessage answer, string payload, params string[] hosts)
    {
        var location = Assert.Single(answer.Headers.GetValues("Location"));
        Assert.DoesNotContain(location, c => c is < '!' or > '~' or '\\');
        if (location.StartsWith('/'))
        {
            Assert.False(location.StartsWith("//", StringComparison.Ordinal), payload);
            return;
        }
        var uri = new Uri(location);
        Assert.True(uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && hosts.Contains(uri.Host), $"{payload} led to {location}");
    }
}
