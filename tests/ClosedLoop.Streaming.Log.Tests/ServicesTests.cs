using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Streaming.Log.Tests;

public sealed class ServicesTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_failed_sync_stops_the_host_with_a_code()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddEmbeddedLog(_folder.Options());
        using (var host = builder.Build())
        {
            await host.StartAsync();
            var file = host.Services.GetRequiredService<EmbeddedFile>();
            Assert.Same(file, host.Services.GetRequiredService<IEmbeddedFile>());
            file.Sync.Fault = () => throw new IOException("the disk is gone");
            await Assert.ThrowsAsync<LogUnavailableException>(() => host.Services.GetRequiredService<ILog>().AppendAsync(Topic.Hits, 0, "x"u8));
            await host.WaitForShutdownAsync();
        }
        Assert.Equal(74, Environment.ExitCode);
        Environment.ExitCode = 0;
    }

    [Fact]
    public async Task Groups_refusals_and_sizes_are_counted()
    {
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "ClosedLoop.Streaming.Log") l.EnableMeasurementEvents(instrument);
        };
        void Add(string name, double value)
        {
            lock (seen) seen[name] = seen.GetValueOrDefault(name) + value;
        }
        listener.SetMeasurementEventCallback<double>((i, value, _, _) => Add(i.Name, value));
        listener.SetMeasurementEventCallback<int>((i, value, _, _) => Add(i.Name, value));
        listener.SetMeasurementEventCallback<long>((i, value, _, _) => Add(i.Name, value));
        listener.Start();
        using (var file = _folder.Open())
        {
            for (var i = 0; i < 5; i++) await new EmbeddedLog(file).AppendAsync(Topic.Hits, 0, "x"u8);
            listener.RecordObservableInstruments();
            await Assert.ThrowsAsync<LogUnavailableException>(() => new EmbeddedLog(file).AppendAsync(Topic.Hits, 0, new byte[4 << 20]));
        }
        // Other tests run beside this one, so these are lower bounds.
        lock (seen)
        {
            Assert.True(seen["closedloop_log_group_hits"] >= 5);
            Assert.True(seen["closedloop_log_append_seconds"] > 0);
            Assert.True(seen["closedloop_log_bytes"] > 0);
            Assert.True(seen["closedloop_log_refusals_total"] >= 1);
            Assert.Contains("closedloop_log_queue_bytes", seen.Keys);
        }
    }
}
