using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Warehouse.Port;

/// <summary>One table from ClickHouse's error codes to HTTP, and one from formats to content types.</summary>
internal static class PortStatus
{
    public static int Of(int code) => code switch
    {
        194 => StatusCodes.Status401Unauthorized,
        164 or 192 or 193 or 497 or 516 => StatusCodes.Status403Forbidden,
        62 or 36 or 41 or 27 or 53 or 70 or 6 or 26 or 38 or 42 or 43 or 457 or 456 or 306 or 168 or 472 => StatusCodes.Status400BadRequest,
        46 or 47 or 60 or 63 or 73 or 81 or 115 or 50 => StatusCodes.Status404NotFound,
        159 => StatusCodes.Status408RequestTimeout,
        202 => StatusCodes.Status503ServiceUnavailable,
        48 => StatusCodes.Status501NotImplemented,
        _ => StatusCodes.Status500InternalServerError,
    };

    public static string ContentType(string format)
    {
        if (format.StartsWith("JSON", StringComparison.OrdinalIgnoreCase))
            return format.Contains("EachRow", StringComparison.OrdinalIgnoreCase) ? "application/x-ndjson; charset=UTF-8" : "application/json; charset=UTF-8";
        if (format.StartsWith("TabSeparated", StringComparison.OrdinalIgnoreCase) || format.StartsWith("TSV", StringComparison.OrdinalIgnoreCase))
            return "text/tab-separated-values; charset=UTF-8";
        if (format.StartsWith("CSV", StringComparison.OrdinalIgnoreCase))
            return $"text/csv; charset=UTF-8; header={(format.Contains("Names", StringComparison.OrdinalIgnoreCase) ? "present" : "absent")}";
        if (format.Equals("XML", StringComparison.OrdinalIgnoreCase)) return "application/xml; charset=UTF-8";
        return format.StartsWith("Pretty", StringComparison.OrdinalIgnoreCase) || format is "Vertical" or "Values" or "Markdown" or "SQLInsert"
            ? "text/plain; charset=UTF-8"
            : "application/octet-stream";
    }
}
