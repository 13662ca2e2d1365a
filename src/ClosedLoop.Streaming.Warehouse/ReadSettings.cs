using System.Globalization;
using System.Text;

namespace ClosedLoop.Streaming.Warehouse;

/// <summary>The settings under which a read runs: its limits, its own settings, and <c>readonly</c> last, after which nothing can be changed.</summary>
internal static class ReadSettings
{
    public const int ValueCharactersMax = 200;

    /// <summary>Name and value, limits after the caller's own so that they win.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(WarehouseQuery query)
    {
        var limits = query.Limits;
        foreach (var setting in query.Settings) yield return setting;
        yield return new("max_execution_time", Number((long)Math.Ceiling(limits.ExecutionTimeMax.TotalSeconds)));
        yield return new("timeout_overflow_mode", "throw");
        yield return new("max_memory_usage", Number(limits.MemoryBytesMax));
        yield return new("max_result_rows", Number(limits.ResultRowsMax));
        yield return new("max_result_bytes", Number(limits.ResultBytesMax));
        yield return new("result_overflow_mode", "throw");
        yield return new("max_rows_to_read", Number(limits.RowsToReadMax));
        yield return new("read_overflow_mode", "throw");
        yield return new("max_threads", Number(limits.ThreadsMax));
        yield return new("allow_ddl", "0");
        yield return new("allow_introspection_functions", "0");
        yield return new("readonly", "1");
    }

    public static string Statement(WarehouseQuery query)
    {
        var text = new StringBuilder("SET ");
        foreach (var (name, value) in Of(query))
        {
            if (!IsName(name) || value.Length > ValueCharactersMax) throw new WarehouseException(36, $"Setting {name} has a bad name or value.");
            if (text.Length > 4) text.Append(", ");
            text.Append(name).Append(" = '").Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)).Append('\'');
        }
        return text.ToString();
    }

    internal static bool IsName(string name) =>
        name.Length is > 0 and <= 80 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(name[0]);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
