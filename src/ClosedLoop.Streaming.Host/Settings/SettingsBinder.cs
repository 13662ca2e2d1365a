using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace ClosedLoop.Streaming.Host.Settings;

/// <summary>Puts configuration onto options by name; an unknown name or a value of the wrong kind is a mistake, never ignored.</summary>
internal static class SettingsBinder
{
    public static void Bind(IConfigurationSection root, IReadOnlyDictionary<string, object> rooms, List<string> mistakes)
    {
        foreach (var section in root.GetChildren())
        {
            if (!rooms.TryGetValue(section.Key, out var options))
                mistakes.Add($"{root.Path}:{section.Key} is no room; allowed are {string.Join(", ", rooms.Keys)}.");
            else
                foreach (var setting in section.GetChildren()) Set(options, setting, mistakes);
        }
    }

    private static void Set(object options, IConfigurationSection setting, List<string> mistakes)
    {
        var properties = options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).ToArray();
        var property = Array.Find(properties, p => p.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase));
        if (property is not null && setting.Value is null && IsGroup(property.PropertyType) && property.GetValue(options) is { } group)
        {
            foreach (var part in setting.GetChildren()) Set(group, part, mistakes);
            return;
        }
        if (property is null)
        {
            mistakes.Add($"{setting.Path} is no setting; allowed are {string.Join(", ", properties.Select(p => p.Name))}.");
            return;
        }
        try
        {
            if (typeof(IReadOnlyList<string>).IsAssignableFrom(property.PropertyType) || property.PropertyType == typeof(IReadOnlyList<string>))
                property.SetValue(options, ListOf(setting));
            else
                property.SetValue(options, Convert(setting.Value ?? "", property.PropertyType));
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            mistakes.Add($"{setting.Path} is '{setting.Value}'; allowed is {KindOf(property.PropertyType)}.");
        }
    }

    // Kafka:Security and its like: settings of a kind, gathered in a class of ours.
    private static bool IsGroup(Type type) => type.IsClass && type.Namespace?.StartsWith("ClosedLoop.", StringComparison.Ordinal) == true;

    private static string[] ListOf(IConfigurationSection setting) => setting.Value is { } text
        ? text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        : [.. setting.GetChildren().Select(c => c.Value ?? "")];

    private static object? Convert(string text, Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return text.Length == 0 ? null : Convert(text, inner);
        if (type == typeof(string)) return text;
        if (type == typeof(TimeSpan)) return TimeSpan.Parse(text, CultureInfo.InvariantCulture);
        if (type.IsEnum) return Enum.Parse(type, text, ignoreCase: true);
        return System.Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
    }

    private static string KindOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? string.Join(", ", Enum.GetNames(type))
            : type == typeof(TimeSpan) ? "a time such as 00:00:15"
            : type == typeof(bool) ? "true or false"
            : "a number";
    }
}
