using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.Settings;

/// <summary>Registers the settings and the keys; the log comes from elsewhere.</summary>
public static class SettingsServices
{
    public static IServiceCollection AddSettings(this IServiceCollection services, Keyring keyring) => services
        .AddSingleton(keyring).AddSingleton<SettingsStore>().AddSingleton<ISettings>(p => p.GetRequiredService<SettingsStore>());
}
