using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Events.Tests;

public class NumberTests
{
    [Fact]
    public void Varints_come_back() => Prop.ForAll<ulong, long>((value, signed) =>
    {
        Span<byte> bytes = stackalloc byte[Varint.BytesMax];
        var length = Varint.Write(bytes, value);
        Assert.Equal(length, Varint.Length(value));
        Assert.Equal(length, Varint.Read(bytes[..length], out var read));
        Assert.Equal(value, read);
        Assert.Equal(0, Varint.Read(bytes[..(length - 1)], out _));
        Assert.Equal(signed, Varint.UnZigZag(Varint.ZigZag(signed)));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(0UL)]
    [InlineData(127UL)]
    [InlineData(128UL)]
    public void Varints_have_edges(ulong value)
    {
        Span<byte> bytes = stackalloc byte[Varint.BytesMax];
        var length = Varint.Write(bytes, value);
        Assert.Equal(length, Varint.Read(bytes, out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFFFF02")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF01")]
    [InlineData("80")]
    [InlineData("")]
    public void Varints_that_are_too_long_or_cut_are_none(string hex) => Assert.Equal(0, Varint.Read(Convert.FromHexString(hex), out _));

    [Fact]
    public void Ids_come_back_as_text_and_bytes() => Prop.ForAll<ulong, ulong>((high, low) =>
    {
        var id = new Id(high, low);
        Assert.True(Id.TryParse(id.ToString(), out var parsed));
        Assert.Equal(id, parsed);
        var bytes = new byte[Id.Bytes];
        id.Write(bytes);
        Assert.Equal(id, Id.Read(bytes));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Ids_of_the_door_are_in_order_of_time() =>
        Assert.True(Id.AtDoor(1_000, ulong.MaxValue, ulong.MaxValue) < Id.AtDoor(1_001, 0, 0));

    [Fact]
    public void What_follows_from_a_cause_has_always_the_same_id_and_each_its_own()
    {
        var cause = new Id(3, 4);
        Assert.Equal(Id.Derive(cause, "v1"u8, RecordKind.SegmentChanged, 0), Id.Derive(cause, "v1"u8, RecordKind.SegmentChanged, 0));
        var ids = new HashSet<Id>();
        foreach (var kind in Enum.GetValues<RecordKind>())
            for (var ordinal = 0; ordinal < 50; ordinal++)
                foreach (var person in new[] { "v1", "v2", "l1", "" })
                    Assert.True(ids.Add(Id.Derive(cause, System.Text.Encoding.ASCII.GetBytes(person), kind, ordinal)));
    }

    [Theory]
    [InlineData(129.90, 1_299_000)]
    [InlineData(-0.00005, -1)]
    [InlineData(0.00004, 0)]
    public void Money_is_whole_ten_thousandths(double value, long expected)
    {
        Assert.True(Money.TryFrom((decimal)value, out var money));
        Assert.Equal(expected, money);
    }

    [Fact]
    public void Money_has_a_range()
    {
        Assert.True(Money.TryFrom(Money.Max, out var most));
        Assert.Equal(Money.Max, Money.ToDecimal(most));
        Assert.False(Money.TryFrom(Money.Max + 0.0001m, out _));
    }
}
