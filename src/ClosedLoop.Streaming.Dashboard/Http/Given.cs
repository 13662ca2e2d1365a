using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>
/// A body that was understood: the values, and which fields were there at all, so that a change leaves alone what it doesn't name.
/// Unknown fields are refused by name, because a misspelled one would otherwise be a setting that silently isn't set.
/// </summary>
internal sealed class Given<T> where T : class
{
    private static readonly Dictionary<string, Type> Known = ApiJson.Options.GetTypeInfo(typeof(T)).Properties.ToDictionary(p => p.Name, p => p.PropertyType);

    private readonly HashSet<string> _fields;

    private Given(T value, HashSet<string> fields) => (Value, _fields) = (value, fields);

    public T Value { get; }

    /// <summary>Whether the body has the field, null included.</summary>
    public bool Has(string field) => _fields.Contains(field);

    /// <param name="emptyToo">No body at all stands for an object without fields.</param>
    /// <exception cref="ApiException">The body is too long, no JSON, or not of this shape.</exception>
    public static async Task<Given<T>> ReadAsync(HttpContext http, DashboardOptions options, bool emptyToo = false)
    {
        var body = await SentBody.ReadAsync(http, options.BodyBytesMax);
        if (body.Length == 0) body = emptyToo ? "{}"u8.ToArray() : throw new ApiException(ApiRefusal.BadJson, "The body is empty; a JSON object belongs there.");
        return Read(body, options.JsonDepthMax);
    }

    internal static Given<T> Read(ReadOnlyMemory<byte> body, int depthMax)
    {
        if (!Utf8.IsValid(body.Span)) throw new ApiException(ApiRefusal.BadJson, "The body is not UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = depthMax, AllowDuplicateProperties = false });
            return Of(document.RootElement);
        }
        catch (JsonException e) when (e.Path is null)
        {
            throw new ApiException(ApiRefusal.BadJson, $"The body is not JSON of at most {depthMax} levels in which each name stands once (line {e.LineNumber + 1}, byte {e.BytePositionInLine}).");
        }
        catch (InvalidOperationException)
        {
            throw new ApiException(ApiRefusal.BadJson, "The body holds half a surrogate pair, which is no text.");
        }
    }

    private static Given<T> Of(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new ApiException(ApiRefusal.BadJson, "The body must be one JSON object.");
        JsonText.ReadAll(root);
        var fields = root.EnumerateObject().Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        if (fields.FirstOrDefault(f => !Known.ContainsKey(f)) is { } unknown)
            throw new ApiException(ApiRefusal.UnknownField, $"There is no field '{JsonText.Short(unknown)}'; allowed are {string.Join(", ", Known.Keys)}.");
        try
        {
            return new Given<T>(root.Deserialize<T>(ApiJson.Options)!, fields);
        }
        catch (JsonException e)
        {
            throw JsonText.WrongType(e, Known);
        }
    }
}
