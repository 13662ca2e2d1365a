using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.Settings;

/// <summary>Registers the settings and the keys; the log comes from elsewhere.</summary>
public static class SettingsServices
{
    public static IServiceCollection AddSettings(this IServiceCollection services, Keyring keyring) => services
        .AddSingleton(keyring).AddSingleton<SettingsStore>().AddSingleton<ISettings>(p => p.GetRequiredService<SettingsStore>());

    /// <summary>Registers the rates between currencies.</summary>
    /// <exception cref="ArgumentException">The settings or the file are wrong; the message holds every mistake.</exception>
    public static IServiceCollection AddRates(this IServiceCollection services, MoneyOptions options)
    {
        if (options.Mistakes() is { Count: > 0 } mistakes) throw new ArgumentException(string.Join(Environment.NewLine, mistakes), nameof(options));
        return services.AddSingleton(options).AddSingleton<Rates>();
    }
}
