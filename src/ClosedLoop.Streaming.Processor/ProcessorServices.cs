using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Registers the engine room; log, journal and clock come from elsewhere.</summary>
public static class ProcessorServices
{
    public static IServiceCollection AddProcessor(this IServiceCollection services, ProcessorOptions options) => services
        .AddSingleton(options).AddSingleton<ProcessorTelemetry>().AddSingleton<ProcessorService>().AddSingleton<LivePeople>().AddSingleton<RulesPublisher>().AddSingleton<Accounting>()
        .AddHostedService(provider => provider.GetRequiredService<ProcessorService>());
}
