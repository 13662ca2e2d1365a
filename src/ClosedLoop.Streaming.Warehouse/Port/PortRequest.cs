using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Warehouse.Port;

/// <summary>What a client asked: the text, its parameters, settings and wishes for the answer.</summary>
internal sealed class PortRequest
{
    private const int QueryIdCharactersMax = 64;
    private const int ParametersMax = 1_000;
    private const int ParameterCharactersMax = 256 * 1024;

    private readonly Dictionary<string, string> _settings = [];
    private readonly Dictionary<string, string> _parameters = [];
    private QueryLimits _limits = QueryLimits.Default;

    public string Sql { get; private set; } = "";
    public string? DefaultFormat { get; private set; }
    public string QueryId { get; private set; } = "";
    public bool WaitEnd { get; private set; }
    public bool Compress { get; private set; }
    public IReadOnlyDictionary<string, string> Settings => _settings;
    public IReadOnlyDictionary<string, string> Parameters => _parameters;
    public QueryLimits Limits => _limits;

    /// <summary>Reads address and body. Throws <see cref="PortRefusal"/>.</summary>
    public static async Task<PortRequest> ReadAsync(HttpRequest request, int bodyBytesMax, CancellationToken cancel)
    {
        var read = new PortRequest { QueryId = NewId(), DefaultFormat = request.Headers[PortHeaders.FormatAsked].FirstOrDefault() };
        read.Database(request.Headers[PortHeaders.Database].FirstOrDefault() ?? "");
        var inAddress = "";
        foreach (var (name, values) in request.Query)
        {
            var value = values.LastOrDefault() ?? "";
            if (name == "query") inAddress = value;
            else read.Take(name, value);
        }
        var body = HttpMethods.IsPost(request.Method) ? await BodyAsync(request, bodyBytesMax, cancel).ConfigureAwait(false) : "";
        // As a server does it: parts in address and body are one query, with a line feed between.
        read.Sql = inAddress.Length > 0 && body.Length > 0 ? inAddress + "\n" + body : inAddress + body;
        return read;
    }

    private void Take(string name, string value)
    {
        switch (name)
        {
            case "user" or "password" or "quota_key" or "session_id" or "session_check" or "session_timeout" or "role" or "client_protocol_version":
                break;
            case "database":
                Database(value);
                break;
            case "default_format":
                DefaultFormat = value;
                break;
            case "query_id":
                QueryId = IsQueryId(value) ? value : throw new PortRefusal(36, "BAD_ARGUMENTS", "query_id is 1 to 64 of A-Z a-z 0-9 _ . : -");
                break;
            case "compress" or "decompress":
                if (value is not ("0" or "")) throw new PortRefusal(48, "NOT_IMPLEMENTED", "This port compresses with gzip only: use enable_http_compression");
                break;
            default:
                if (name.StartsWith("param_", StringComparison.Ordinal)) Parameter(name["param_".Length..], value);
                else Setting(name, value);
                break;
        }
    }

    private void Setting(string name, string value)
    {
        if (name == "wait_end_of_query") WaitEnd = value == "1";
        else if (name == "enable_http_compression") Compress = value == "1";
        PortSettings.Take(name, value, _settings, ref _limits);
    }

    /// <summary>Clients send values as the engine reads them, TSV-escaped: they go through as they are.</summary>
    private void Parameter(string name, string value)
    {
        if (_parameters.Count >= ParametersMax || value.Length > ParameterCharactersMax || !ReadSettings.IsName(name))
            throw new PortRefusal(36, "BAD_ARGUMENTS", "A parameter has a bad name, is too long, or there are too many");
        _parameters[name] = value;
    }

    private void Database(string name)
    {
        if (name is not ("" or "closedloop" or "default")) throw new PortRefusal(81, "UNKNOWN_DATABASE", "Database does not exist; here is closedloop");
    }

    private static async Task<string> BodyAsync(HttpRequest request, int bytesMax, CancellationToken cancel)
    {
        if (request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true)
            throw new PortRefusal(48, "NOT_IMPLEMENTED", "External tables and multipart bodies are not taken here");
        using var source = request.Headers.ContentEncoding.ToString() switch
        {
            "" or "identity" => request.Body,
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
            "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
            _ => throw new PortRefusal(48, "NOT_IMPLEMENTED", "Content-Encoding is gzip, deflate or nothing"),
        };
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await source.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and var count)
            {
                if (body.Length + count > bytesMax) throw new PortRefusal(62, "QUERY_IS_TOO_LARGE", $"The query is over {bytesMax} bytes");
                body.Write(buffer, 0, count);
            }
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body.GetBuffer(), 0, (int)body.Length);
        }
        catch (Exception e) when (e is InvalidDataException or DecoderFallbackException)
        {
            throw new PortRefusal(36, "BAD_ARGUMENTS", "The body is not what Content-Encoding says, or not UTF-8");
        }
    }

    private static bool IsQueryId(string text) =>
        text.Length is > 0 and <= QueryIdCharactersMax && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-');

    private static string NewId() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString();
}
