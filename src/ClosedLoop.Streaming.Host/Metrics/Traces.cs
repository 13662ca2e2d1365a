using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClosedLoop.Streaming.Host.Metrics;

/// <summary>
/// Traces over OTLP, when OTEL_EXPORTER_OTLP_ENDPOINT (or …_TRACES_ENDPOINT) names a receiver: steps of partitions, attempts of webhooks,
/// inserts of the warehouse, and requests to everything that is no door. Doors have no spans: one per hit would cost more than the hit.
/// The exporter reads the rest of OpenTelemetry's own variables (protocol, headers, sampler) by itself.
/// </summary>
internal sealed class Traces : IHostedService, IDisposable
{
    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    private readonly TracerProvider? _provider = IsWanted
        ? Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService("closedloop", serviceNamespace: null, autoGenerateServiceInstanceId: true))
            .AddSource("ClosedLoop.Streaming.*", "Microsoft.AspNetCore")
            .AddProcessor(new WithoutPeople())
            .AddOtlpExporter()
            .Build()
        : null;

    private static bool IsWanted => Endpoints.Any(name => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(name)));

    /// <summary>An endpoint that is no address would only be noticed in the exporter's own silence.</summary>
    public static IEnumerable<string> Mistakes() =>
        from name in Endpoints
        let value = Environment.GetEnvironmentVariable(name)
        where !string.IsNullOrWhiteSpace(value) && !(Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        select $"{name} is '{value}'; allowed is an http or https address, such as http://127.0.0.1:4317.";

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _provider?.Dispose();

    /// <summary>A path names visitors and leads, a query their addresses: the route says enough.</summary>
    private sealed class WithoutPeople : BaseProcessor<Activity>
    {
        private static readonly string[] Personal = ["url.path", "url.query", "url.full", "http.target", "http.url", "user_agent.original", "client.address", "network.peer.address"];

        public override void OnEnd(Activity data)
        {
            foreach (var name in Personal)
                if (data.GetTagItem(name) is not null) data.SetTag(name, null);
        }
    }
}
