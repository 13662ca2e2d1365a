using ClosedLoop.Streaming.World;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Visitors.Tests.Journeys;

/// <summary>DESIGN.md §4: within 72 hours the order in which hits arrive changes nothing.</summary>
public class OrderTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, 1_000_000).ToArbitrary();

    [Fact]
    public void Any_order_of_hits_within_three_days_gives_the_same_memory() =>
        Prop.ForAll(Seeds, seed =>
        {
            var traffic = new Traffic(seed, 1, 1, Memory.T0, Limits.LateMsMax);
            var hits = Enumerable.Range(0, traffic.Random.Next(1, 50)).Select(_ => traffic.Next()).ToList();
            var expected = Remembered(hits);
            for (var round = 0; round < 3; round++)
            {
                var shuffled = hits.ToArray();
                traffic.Random.Shuffle(shuffled);
                Assert.Equal(expected, Remembered(shuffled));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Months_of_hits_each_at_most_three_days_late_give_the_same_memory() =>
        Prop.ForAll(Seeds, seed =>
        {
            var traffic = new Traffic(seed, 1, 1, Memory.T0, 30 * Memory.Day);
            var hits = Enumerable.Range(0, 120).Select(_ => traffic.Next()).OrderBy(h => h.At).ToList();
            var late = hits.OrderBy(h => h.At + traffic.Random.NextInt64(Limits.LateMsMax)).ToList();
            Assert.Equal(Remembered(hits), Remembered(late));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private static string Remembered(IEnumerable<Sent> hits)
    {
        var memory = new Memory();
        // One moment of reception: what is remembered of ids depends on the collector's clock, not on the order.
        foreach (var hit in hits) memory.Add(hit.Record(Memory.T0 + 40 * Memory.Day));
        return Projection.Of(memory.Person);
    }
}
