using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ClosedLoop.Streaming.Collector;

/// <summary>The fields of a sent form, in order; of a name given twice the first one counts.</summary>
internal sealed class FormFields
{
    /// <summary>Fields of one form; a form with more is refused.</summary>
    public const int FieldsMax = QueryFields.FieldsMax;
    private const int PartHeaderBytesMax = 4 * 1024;

    private readonly List<KeyValuePair<string, string>> _fields = [];

    public IReadOnlyList<KeyValuePair<string, string>> All => _fields;

    /// <summary>Trimmed; null when absent or empty.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in _fields)
                if (key.Equals(name, StringComparison.OrdinalIgnoreCase) && value.AsSpan().Trim() is { Length: > 0 } text) return text.ToString();
            return null;
        }
    }

    /// <summary>A flat object of all fields; values of names that are never stored are left out.</summary>
    public ReadOnlyMemory<byte> ToJson(DoorSite site)
    {
        var scratch = HitScratch.OfThisThread;
        var json = scratch.BeginJson();
        json.WriteStartObject();
        foreach (var (name, value) in _fields)
            json.WriteString(name, site.Redacts(Encoding.UTF8.GetBytes(name)) ? "(redacted)" : value);
        json.WriteEndObject();
        return scratch.JsonBytes.ToArray();
    }

    /// <summary>Urlencoded or multipart.</summary>
    /// <returns>None, MediaType or BadForm.</returns>
    public static async Task<(Refusal Refusal, FormFields Fields)> ReadAsync(RequestBody body, string? contentType)
    {
        var fields = new FormFields();
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) return (Refusal.MediaType, fields);
        if (type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            return (fields.ReadUrlEncoded(body.Span), fields);
        if (!type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)) return (Refusal.MediaType, fields);
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        // RFC 2046: 1 to 70 characters.
        if (boundary.Length is 0 or > 70) return (Refusal.BadForm, fields);
        return (await fields.ReadMultipartAsync(body, boundary).ConfigureAwait(false), fields);
    }

    private Refusal ReadUrlEncoded(ReadOnlySpan<byte> body)
    {
        var query = HitScratch.OfThisThread.Query;
        query.Parse(body);
        if (query.Overflowed) return Refusal.BadForm;
        for (var i = 0; i < query.Count; i++)
            _fields.Add(new(Encoding.UTF8.GetString(query.Name(i)), Encoding.UTF8.GetString(query.Value(i))));
        return Refusal.None;
    }

    private async Task<Refusal> ReadMultipartAsync(RequestBody body, string boundary)
    {
        var reader = new MultipartReader(boundary, new MemoryStream(body.Memory.ToArray(), writable: false))
        {
            HeadersCountLimit = 16, HeadersLengthLimit = PartHeaderBytesMax, BodyLengthLimit = body.Length,
        };
        try
        {
            while (await reader.ReadNextSectionAsync().ConfigureAwait(false) is { } section)
            {
                if (_fields.Count == FieldsMax) return Refusal.BadForm;
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) return Refusal.BadForm;
                var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
                if (disposition.IsFileDisposition())
                {
                    // What a file holds is nobody's business here; that one was sent is.
                    _fields.Add(new(name, "(file)"));
                    continue;
                }
                using var text = new StreamReader(section.Body, Encoding.UTF8);
                _fields.Add(new(name, await text.ReadToEndAsync().ConfigureAwait(false)));
            }
            return Refusal.None;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return Refusal.BadForm;
        }
    }
}
