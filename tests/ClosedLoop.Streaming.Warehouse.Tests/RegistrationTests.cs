using ClosedLoop.Streaming.Warehouse.Chdb;
using ClosedLoop.Streaming.Warehouse.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Streaming.Warehouse.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public async Task Without_a_server_the_engine_is_in_this_process_and_has_a_port()
    {
        var services = new ServiceCollection().AddWarehouse(new WarehouseOptions()).AddClickHousePort();
        await using var provider = services.BuildServiceProvider();
        Assert.IsType<ChdbWarehouse>(provider.GetRequiredService<IWarehouse>());
        Assert.Contains(services, service => service.ServiceType == typeof(ClickHousePort));
    }

    [Fact]
    public void With_a_server_there_is_no_engine_and_no_port()
    {
        var services = new ServiceCollection().AddWarehouse(new WarehouseOptions { ServerUrl = "http://ch.example" }).AddClickHousePort();
        using var provider = services.BuildServiceProvider();
        Assert.IsType<ServerWarehouse>(provider.GetRequiredService<IWarehouse>());
        Assert.DoesNotContain(services, service => service.ServiceType == typeof(IHostedService));
    }

    [Fact]
    public void All_mistakes_come_at_once_and_the_defaults_have_none()
    {
        Assert.Empty(new WarehouseOptions().Mistakes());
        var mistakes = new WarehouseOptions { BatchRowsMax = 0, Port = 70_000, PortBind = "nowhere", ServerUrl = "ftp://secret:word@x", MarkCacheBytesMax = 1 }.Mistakes();
        Assert.Equal(5, mistakes.Count);
        Assert.DoesNotContain(mistakes, mistake => mistake.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_library_that_is_nowhere_is_named_with_the_places_looked_at()
    {
        Assert.Null(ChdbLocator.Find("/nowhere/libchdb.so", out var looked));
        Assert.Equal(["/nowhere/libchdb.so"], looked);
    }
}
