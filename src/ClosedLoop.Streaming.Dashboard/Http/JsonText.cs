using System.Text.Json;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>What is said about JSON that isn't of the expected shape.</summary>
internal static class JsonText
{
    /// <summary>Reads every name and text once, so that none can fail later.</summary>
    /// <exception cref="InvalidOperationException">Some text can't be read.</exception>
    public static void ReadAll(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String: element.GetString(); break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) ReadAll(item);
                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    ReadAll(property.Value);
                }
                break;
        }
    }

    public static ApiException WrongType(JsonException e, IReadOnlyDictionary<string, Type> known)
    {
        var path = e.Path is { Length: > 2 } full ? full[2..] : "";
        if (e.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return new ApiException(ApiRefusal.UnknownField, $"There is no field '{Short(path)}'.");
        return ApiException.Field(Short(path), known.TryGetValue(path.Split('.', '[')[0], out var type) ? $"must be {Expected(type)}." : "has the wrong type.");
    }

    /// <summary>A name as a message shows it.</summary>
    public static string Short(string name) => name.Length <= 64 ? name : name[..64] + "…";

    private static string Expected(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return "text";
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(int) || type == typeof(long)) return "a whole number";
        if (type == typeof(decimal)) return "a number";
        if (type == typeof(IReadOnlyList<string>)) return "a list of texts";
        return typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? "a list of objects with the described fields" : "an object with the described fields";
    }
}
