using System.Net;
using FsCheck;
using FsCheck.Fluent;
using static ClosedLoop.Streaming.Webhooks.Tests.Inward;

namespace ClosedLoop.Streaming.Webhooks.Tests;

public class AddressGuardTests
{
    private static readonly AddressGuard Guard = new([]);

    private static readonly string[] Outer =
    [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "93.184.216.34", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0",
        "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
        "223.255.255.255", "2001:200::1", "2001:4860:4860::8888", "2003::1", "2606:4700:4700::1111", "2a00:1450:4001::1", "3fff:1000::1", "2400::1",
    ];

    [Fact]
    public void Inner_addresses_are_refused() => Assert.All([.. Inner, .. Inner6], text => Assert.NotNull(Guard.Refusal(IPAddress.Parse(text))));

    [Fact]
    public void Their_neighbours_are_not() => Assert.All(Outer, text => Assert.Null(Guard.Refusal(IPAddress.Parse(text))));

    [Fact]
    public void An_address_with_a_scope_is_refused() => Assert.NotNull(Guard.Refusal(IPAddress.Parse("2606:4700:4700::1111%2")));

    [Fact]
    public void What_is_allowed_is_allowed_and_nothing_beside_it()
    {
        var guard = new AddressGuard(["10.1.0.0/16", "fd00:1::/64"]);
        Assert.All(["10.1.0.0", "10.1.255.255", "fd00:1::9", "1.1.1.1"], text => Assert.Null(guard.Refusal(IPAddress.Parse(text))));
        Assert.All(["10.0.255.255", "10.2.0.0", "fd00:2::9", "127.0.0.1", "::ffff:10.1.0.1", "::10.1.0.1"], text => Assert.NotNull(guard.Refusal(IPAddress.Parse(text))));
    }

    [Fact]
    public void A_range_with_host_bits_is_its_range()
    {
        var guard = new AddressGuard(["10.1.2.3/16"]);
        Assert.Null(guard.Refusal(IPAddress.Parse("10.1.255.255")));
        Assert.NotNull(guard.Refusal(IPAddress.Parse("10.2.0.0")));
    }

    [Fact]
    public void No_embedding_of_any_address_passes() => Prop.ForAll<byte, byte, byte>((a, b, c) => Inner.All(text =>
    {
        byte[] v4 = IPAddress.Parse(text).GetAddressBytes();
        byte[] tail = [a, b, c, 1];
        IPAddress[] embedded =
        [
            new([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, .. v4]), new([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. v4]),
            new([0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, .. v4]), new([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. v4]),
            new([0, 0x64, 0xff, 0x9b, 0, 1, 0, 0, 0, 0, 0, 0, .. v4]), new([0x20, 0x02, .. v4, 0, 0, 0, 0, 0, 0, .. tail]),
            new([0x20, 0x01, 0, 0, .. v4, 0, 0, 0, 0, .. tail]),
        ];
        return embedded.All(address => Guard.Refusal(address) is not null);
    })).QuickCheckThrowOnFailure();
}
