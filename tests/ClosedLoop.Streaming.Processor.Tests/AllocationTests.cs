using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>The path of a page view takes nothing from the heap once it is warm: millions of them must not feed a collector.</summary>
public sealed class AllocationTests
{
    private const long Now = 1_795_000_000_000;

    [Theory]
    [InlineData(null, null)]
    [InlineData("https://www.google.com/", null)]
    [InlineData("https://shop.example/list", "news")]
    public void A_page_view_allocates_nothing(string? referrer, string? campaign)
    {
        using var world = new World.World(partitions: 1);
        var core = world.Partitions[0].Core;
        var hits = new List<byte[]>();
        for (var i = 0; i < 300; i++)
            hits.Add(Hit.Page($"v{i % 5}", Now + i * 1000L, $"/p{i % 7}", referrer).With(Field.Campaign, campaign).With(Field.EventId, $"id {i}").Record($"hit {i}"));
        for (var i = 0; i < 200; i++) Handle(core, hits[i]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 200; i < 300; i++) Handle(core, hits[i]);
        // A table that all hits share may still grow once; ten bytes a hit would be an object.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
        Assert.Equal(300, core.Bench.Counters.Stored);
    }

    private static void Handle(PartitionCore core, byte[] hit)
    {
        core.Handle(hit);
        core.Bench.Outbox.Clear();
    }
}
