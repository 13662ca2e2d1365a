using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Visitors.Tests.Sources;

public class UrlCleanerTests
{
    private static readonly RedactedNames Names = new(["password", "token", "email", "sid", "code"]);

    [Theory]
    // The host and the user
    [InlineData("HTTPS://Shop.Example/Tents?A=B", "https://shop.example/Tents?A=B")]
    [InlineData("https://user:pw@shop.example/x", "https://shop.example/x")]
    [InlineData("//user@shop.example/x", "//shop.example/x")]
    [InlineData("http:/user:pw@shop.example/x", "http:/shop.example/x")]
    [InlineData("http:user:pw@shop.example/x", "http:shop.example/x")]
    [InlineData("https:///user:pw@shop.example/x", "https:///shop.example/x")]
    [InlineData("https://user:pw@bad host/x", "https://bad%20host/x")]
    [InlineData("http:a@//b@shop.example/x", "http:shop.example/x")]
    [InlineData("http:/a:b@\\c@shop.example/x", "http:/shop.example/x")]
    [InlineData("/@name/post", "/@name/post")]
    [InlineData("https://shop.example/@name", "https://shop.example/@name")]
    // Parameters
    [InlineData("https://a.example/?x=1&password=2&y=3", "https://a.example/?x=1&y=3")]
    [InlineData("https://a.example/?password=2", "https://a.example/")]
    [InlineData("https://a.example/?password=2#top", "https://a.example/#top")]
    [InlineData("https://a.example/?x=1&PassWord=2", "https://a.example/?x=1")]
    [InlineData("https://a.example/?pass%77ord=2&x", "https://a.example/?x")]
    [InlineData("https://a.example/?%70assword=2", "https://a.example/")]
    [InlineData("https://a.example/?password", "https://a.example/")]
    [InlineData("https://a.example/?amp;password=2&amp;x=1", "https://a.example/?amp;x=1")]
    [InlineData("https://a.example/?user[email]=a%40b.example&email[]=x&user.email=y&x=1", "https://a.example/?x=1")]
    [InlineData("https://a.example/?user%5Bemail%5D=a", "https://a.example/")]
    [InlineData("https://a.example/?a=1;password=2", "https://a.example/")]
    [InlineData("https://a.example/?emails=5&mypassword=x", "https://a.example/?emails=5&mypassword=x")]
    [InlineData("https://a.example/?pass\tword=2&x=1", "https://a.example/?x=1")]
    [InlineData("https://a.example/?+password=2&x=1", "https://a.example/?x=1")]
    // Hidden inside another address
    [InlineData("https://a.example/?next=https%3A%2F%2Fb.example%2F%3Ftoken%3D1&x=1", "https://a.example/?x=1")]
    [InlineData("https://a.example/?next=https%253A%252F%252Fb.example%252F%253Ftoken%253D1&x=1", "https://a.example/?x=1")]
    [InlineData("https://a.example/?next=/login?code=7", "https://a.example/")]
    [InlineData("https://a.example/?next=%3ftoken%3d1&x=1", "https://a.example/?x=1")]
    [InlineData("https://a.example/?next=%3Ftoken%25%33D1&x=1", "https://a.example/?x=1")]
    [InlineData("https://a.example/?next=https%3A%2F%2Fb.example%2F%3Fpage%3D1", "https://a.example/?next=https%3A%2F%2Fb.example%2F%3Fpage%3D1")]
    // Path and fragment
    [InlineData("https://a.example/cart;sid=77/items;color=red", "https://a.example/cart/items;color=red")]
    [InlineData("https://a.example/#/login?token=1&x=2", "https://a.example/#/login?x=2")]
    [InlineData("https://a.example/#token=1&x=2", "https://a.example/#x=2")]
    [InlineData("https://a.example/#token=1", "https://a.example/")]
    [InlineData("https://a.example/#/login?token=1", "https://a.example/#/login")]
    [InlineData("https://a.example/#section", "https://a.example/#section")]
    [InlineData("https://a.example/#?token=1&x=2", "https://a.example/#?x=2")]
    [InlineData("https://a.example/#?", "https://a.example/")]
    // Text
    [InlineData("  https://a.example/ä b\u0001\"  ", "https://a.example/ä%20b%01\"")]
    [InlineData("", "")]
    public void An_address_made_fit_to_store(string url, string cleaned) => Assert.Equal(cleaned, UrlCleaner.Clean(url, Names));

    [Fact]
    public void A_long_address_is_cut_after_redaction_and_between_characters()
    {
        var destination = new byte[UrlCleaner.UrlBytesMax];
        var url = System.Text.Encoding.UTF8.GetBytes("https://a.example/?password=" + new string('x', 5000) + "&q=" + string.Concat(Enumerable.Repeat("%D0%B6", 1000)));
        var cleaned = UrlCleaner.Clean(url, Names, destination);
        Assert.True(cleaned is { Cut: true, Redacted: true });
        var text = System.Text.Encoding.UTF8.GetString(destination, 0, cleaned.Length);
        Assert.StartsWith("https://a.example/?q=%D0", text, StringComparison.Ordinal);
        Assert.Matches("%[0-9A-F]{2}$", text);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_escaped()
    {
        var destination = new byte[UrlCleaner.UrlBytesMax];
        var cleaned = UrlCleaner.Clean([.. "https://a.example/"u8, 0xFF, 0xC3, 0x28], Names, destination);
        Assert.Equal("https://a.example/%FF%C3(", System.Text.Encoding.UTF8.GetString(destination, 0, cleaned.Length));
    }
}
