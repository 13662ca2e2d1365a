using System.Text;

namespace ClosedLoop.Streaming.Events.Tests;

public class XxHashTests
{
    // Figures of the reference implementation.
    [Theory]
    [InlineData("", 0UL, 0xEF46DB3751D8E999UL)]
    [InlineData("a", 0UL, 0xD24EC4F1A98C6E5BUL)]
    [InlineData("abc", 0UL, 0x44BC2CF5AD770999UL)]
    [InlineData("message digest", 0UL, 0x066ED728FCEEB3BEUL)]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", 0UL, 0xE04A477F19EE145DUL)]
    public void Hashes_are_those_of_the_specification(string text, ulong seed, ulong expected) =>
        Assert.Equal(expected, XxHash.Hash64(Encoding.ASCII.GetBytes(text), seed));

    [Fact]
    public void Partitions_never_move()
    {
        Assert.Equal(Partitioning.Of("demo"u8, "vabc"u8, 4), (int)(XxHash.Hash64("demo\0vabc"u8) % 4));
        Assert.NotEqual(Partitioning.Hash("a"u8, "bc"u8), Partitioning.Hash("ab"u8, "c"u8));
    }

    [Fact]
    public void Every_partition_gets_its_share()
    {
        var counts = new int[64];
        for (var i = 0; i < 64_000; i++) counts[Partitioning.Of("demo"u8, Encoding.ASCII.GetBytes($"v{i:x32}"), 64)]++;
        Assert.All(counts, count => Assert.InRange(count, 800, 1200));
    }
}
