using System.Collections.Concurrent;
using System.Net;
using System.Text;
using ClosedLoop.Streaming.Integration.Tests.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>Spans reach an OTLP receiver when one is named, without the people whom they were about; a bad address stops the start.</summary>
public sealed class TraceTests
{
    private const string Email = "traced.person@mail.example";

    [Fact]
    public async Task Steps_webhooks_inserts_and_requests_are_traced_without_anybodys_name()
    {
        var spans = new ConcurrentQueue<string>();
        await using var receiver = await ReceiverAsync(spans);
        await using var sink = await WebhookSink.StartAsync();
        await using var program = await RunningProgram.StartAsync(null, "disk",
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Urls.First()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "500"));
        await program.DoAsync(HttpMethod.Post, "/v1/webhooks", $$"""{"url":"{{sink.Url}}","events":["segment.entered"],"segments":[],"first":true}""");
        var sent = await program.SendAsync(HttpMethod.Post, "/v1/events", $$"""{"event":"contacted","site":"demo","properties":{"channel":"phone","direction":"in"},"lead":{"email":"{{Email}}" } }""");
        Assert.Equal(202, sent.Status);
        await Soon.BeTrueAsync(async () => await program.FindAsync("/v1/leads?email=" + Email) is not null, () => "the lead");

        string[] wanted = ["ClosedLoop.Streaming.Processor", "ClosedLoop.Streaming.Webhooks", "ClosedLoop.Streaming.Warehouse", "Microsoft.AspNetCore"];
        await Soon.BeTrueAsync(() => wanted.All(name => spans.Any(s => s.Contains(name, StringComparison.Ordinal))), () => string.Join(", ", wanted));
        Assert.DoesNotContain(spans, s => s.Contains("traced.person", StringComparison.OrdinalIgnoreCase) || s.Contains("mail.example", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task An_endpoint_that_is_no_address_stops_the_start()
    {
        using var folder = new TempFolder();
        var settings = RunningProgram.Settings(folder.Path);
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector:4317";
        using var child = ChildProgram.Start(folder.Path, settings, "check-config");
        var said = await child.EndAsync(TimeSpan.FromSeconds(60));
        Assert.NotEqual(0, said.ExitCode);
        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT", said.Error, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> ReceiverAsync(ConcurrentQueue<string> spans)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = builder.Build();
        receiver.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            // Names and values stand in the message as they are.
            spans.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
        });
        await receiver.StartAsync();
        return receiver;
    }

    private sealed class TempFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("closedloop-it-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
