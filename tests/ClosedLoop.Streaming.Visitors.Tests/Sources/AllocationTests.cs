using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Visitors.Tests.Sources;

/// <summary>Resolving is on the path of every hit: the usual cases allocate nothing.</summary>
public class AllocationTests
{
    [Fact]
    public void Internal_direct_search_and_campaign_hits_allocate_nothing()
    {
        Resolve(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Resolve(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Resolve(int times)
    {
        for (var time = 0; time < times; time++)
        {
            One(default);
            One("https://shop.example/before"u8);
            One("https://www.google.co.uk/"u8);
            One("https://l.instagram.com/"u8);
            One("https://some.partner.example/page"u8);
            One("https://www.google.com/"u8, "google"u8, "cpc"u8, "abc"u8);
        }
    }

    private static void One(ReadOnlySpan<byte> referrer, ReadOnlySpan<byte> source = default, ReadOnlySpan<byte> medium = default, ReadOnlySpan<byte> click = default)
    {
        var input = new SourceInput { Referrer = referrer, Page = "https://shop.example/a"u8, Source = source, Medium = medium, ClickId = click, Network = click.IsEmpty ? default : "Google Ads"u8 };
        Assert.False(SourceRules.Resolve(input, SourceRow.Rules).Channel.IsEmpty);
    }
}
