#if CLUSTER
using ClosedLoop.Streaming.Grains;
#endif
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.Host.Settings;

/// <summary>The one place of the Host that differs by package profile: with the cluster's packages, people live in grains where Kafka and Redis are.</summary>
internal sealed class GrainsPart
{
#if CLUSTER
    private readonly GrainsOptions _options = new();

    /// <summary>Adds the section of settings that this build knows.</summary>
    public void AddTo(Dictionary<string, object> sections) => sections["Grains"] = _options;

    public IEnumerable<string> Mistakes(HostSettings settings) => IsUsed(settings) ? _options.Mistakes() : [];

    /// <summary>To be called before the processor, so that the silo is there before the first slice and after the last.</summary>
    public void Register(IServiceCollection services, HostSettings settings)
    {
        if (IsUsed(settings)) services.AddGrains(_options, settings.Redis);
    }

    private bool IsUsed(HostSettings settings) => _options.Enabled && settings.UsesKafka && settings.UsesRedis && settings.Has("processor");
#else
    public void AddTo(Dictionary<string, object> sections) { }

    public IEnumerable<string> Mistakes(HostSettings settings) => [];

    public void Register(IServiceCollection services, HostSettings settings) { }
#endif
}
