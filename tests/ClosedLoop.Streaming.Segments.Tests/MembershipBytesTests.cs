namespace ClosedLoop.Streaming.Segments.Tests;

public sealed class MembershipBytesTests
{
    private readonly Judgement _judgement = new();

    [Fact]
    public void Bytes_are_frozen()
    {
        Sets.Of("lifecycle/1 warm: true", "/2 vip: true", "eu/3 eu-1: true").Judge(new Person(), 1_700_000_000_000, [], _judgement);
        Assert.Equal("000465752D31026575" + "80D095FFBC31" + "0003766970" + "00" + "80D095FFBC31" + "02" + "80D095FFBC31", Convert.ToHexString(_judgement.Membership));
    }

    [Fact]
    public void Hostile_bytes_are_refused_by_name()
    {
        var random = new Random(5);
        var set = Sets.Of("lifecycle/1 warm: true", "/2 vip: true");
        set.Judge(new Person(), Person.Now, [], _judgement);
        var good = _judgement.Membership.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good[..random.Next(good.Length + 1)];
            for (var n = random.Next(3); n > 0 && bytes.Length > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                set.Judge(new Person(), Person.Now, bytes, _judgement);
            }
            catch (InvalidDataException)
            {
                // The only exception that broken bytes may give.
            }
        }
    }

    [Fact]
    public void Nothing_is_allocated_where_nothing_changes()
    {
        var set = Sets.Of(DefaultSegments.Definitions);
        var person = new Steady();
        set.Judge(ref person, Person.Now, [], _judgement);
        var membership = _judgement.Membership.ToArray();
        var least = long.MaxValue;
        // The runtime itself may allocate once while it warms up, so the best of several rounds counts.
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++) Assert.False(set.Judge(ref person, Person.Now, membership, _judgement));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }
}
