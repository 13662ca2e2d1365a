using System.Text;
using ClosedLoop.Streaming.Visitors.Sources;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Visitors.Tests.Sources;

public class PageAddressTests
{
    [Theory]
    [InlineData("https://Shop.example:8443/a/b?x=1&y#z", "Shop.example", "8443", "/a/b", "x=1&y", "z")]
    [InlineData("https://shop.example", "shop.example", "", "", "", "")]
    [InlineData("https://shop.example?x=1", "shop.example", "", "", "x=1", "")]
    [InlineData("https://shop.example#z?x", "shop.example", "", "", "", "z?x")]
    [InlineData("//shop.example/a", "shop.example", "", "/a", "", "")]
    [InlineData("https://user:secret@shop.example/", "shop.example", "", "/", "", "")]
    [InlineData("https://a@b@shop.example/", "shop.example", "", "/", "", "")]
    [InlineData("https://evil.example\\@shop.example/", "evil.example", "", "\\@shop.example/", "", "")]
    [InlineData("https://[2001:db8::1]:80/x", "[2001:db8::1]", "80", "/x", "", "")]
    [InlineData("https://shop.example./x", "shop.example", "", "/x", "", "")]
    [InlineData("android-app://com.google.android.gm/", "com.google.android.gm", "", "/", "", "")]
    public void The_parts_of_an_address(string url, string host, string port, string path, string query, string fragment)
    {
        Assert.True(PageAddress.TryParse(Encoding.UTF8.GetBytes(url), out var address));
        Assert.Equal((host, port, path, query, fragment), (Text(address.Host), Text(address.Port), Text(address.Path), Text(address.Query), Text(address.Fragment)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a/b")]
    [InlineData("shop.example/a")]
    [InlineData("about:blank")]
    [InlineData("javascript:alert(1)//x")]
    [InlineData("https://")]
    [InlineData("https:///x")]
    [InlineData("https://a b/")]
    [InlineData("https://a..b/")]
    [InlineData("https://<script>/")]
    [InlineData("https://shop.example:port/")]
    [InlineData("https://shop.example:123456/")]
    public void What_is_no_address(string url) => Assert.False(PageAddress.TryParse(Encoding.UTF8.GetBytes(url), out _));

    [Theory]
    [InlineData("https://shop.example/tents/?x=1", "/tents/")]
    [InlineData("https://shop.example/tents", "/tents")]
    [InlineData("https://shop.example", "/")]
    [InlineData("https://shop.example?x", "/")]
    [InlineData("/tents?x#y", "/tents")]
    [InlineData("", "/")]
    [InlineData("noise", "/")]
    public void The_name_of_a_page(string url, string path) => Assert.Equal(path, Text(PagePath.Of(Encoding.UTF8.GetBytes(url))));

    [Fact]
    public void A_long_path_is_cut_at_a_character()
    {
        var path = PagePath.Of(Encoding.UTF8.GetBytes("https://shop.example/" + new string('ж', 400)));
        Assert.Equal(511, path.Length);
        Assert.EndsWith("ж", Text(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop.example", true)]
    [InlineData("www.shop.example", true)]
    [InlineData("SHOP.example", true)]
    [InlineData("blog.shop.example", false)]
    [InlineData("notshop.example", false)]
    [InlineData("all.example", true)]
    [InlineData("a.b.all.example", true)]
    [InlineData("notall.example", false)]
    [InlineData("port.example", false)]
    [InlineData("other.example", true)]
    public void A_sites_hosts(string host, bool own) =>
        Assert.Equal(own, new HostSet(["Shop.Example", "*.all.example", "port.example:8443", "https://www.other.example/start"]).Contains(Encoding.UTF8.GetBytes(host)));

    [Fact]
    public void Nothing_hostile_throws() =>
        Prop.ForAll<byte[], string?>((bytes, text) =>
        {
            var names = new RedactedNames(["password"]);
            var destination = new byte[UrlCleaner.UrlBytesMax];
            var fields = new CampaignFields();
            foreach (var url in new[] { bytes, Encoding.UTF8.GetBytes("https://a.example/?" + text), [.. "https://"u8, .. bytes], [.. "https://a.example/?utm_source="u8, .. bytes] })
            {
                PageAddress.TryParse(url, out _);
                PagePath.Of(url);
                fields.Read(url);
                var input = new SourceInput { Referrer = url, Page = bytes, Source = fields.Source, Medium = bytes, Campaign = url };
                Assert.False(SourceRules.Resolve(input, SiteRules.Default).Channel.IsEmpty);
                var cleaned = UrlCleaner.Clean(url, names, destination);
                Assert.True(System.Text.Unicode.Utf8.IsValid(destination.AsSpan(0, cleaned.Length)));
                Assert.True(System.Text.Unicode.Utf8.IsValid(fields.Source));
                // What has been cleaned once is clean.
                var again = new byte[UrlCleaner.UrlBytesMax];
                Assert.Equal(destination[..cleaned.Length], again[..UrlCleaner.Clean(destination.AsSpan(0, cleaned.Length), names, again).Length]);
            }
        }).QuickCheckThrowOnFailure();

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
