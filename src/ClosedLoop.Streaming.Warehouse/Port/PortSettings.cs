using System.Collections.Frozen;
using System.Globalization;

namespace ClosedLoop.Streaming.Warehouse.Port;

/// <summary>Which settings a client may send as URL parameters, and what becomes of the rest.</summary>
internal static class PortSettings
{
    /// <summary>Settings that only shape the output or the meaning of a read.</summary>
    private static readonly FrozenSet<string> Passed = new[]
    {
        "join_use_nulls", "extremes", "prefer_column_name_to_alias", "date_time_output_format", "date_time_input_format", "decimal_check_overflow",
        "float_precision", "count_distinct_implementation", "group_by_use_nulls", "union_default_mode", "except_default_mode", "intersect_default_mode",
        "allow_experimental_analyzer", "enable_analyzer", "session_timezone", "cast_keep_nullable", "cast_string_to_date_time_mode", "empty_result_for_aggregation_by_empty_set",
        "aggregate_functions_null_for_empty", "transform_null_in", "any_join_distinct_right_table_keys", "join_algorithm", "final", "limit", "offset",
        "max_block_size", "use_uncompressed_cache", "optimize_read_in_order", "compile_expressions",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Parts of names of output settings that name files or schemas, and so are not only about the shape.</summary>
    private static readonly string[] NotShape = ["schema", "template", "path", "file", "url", "dictionary", "command", "resultset"];

    /// <summary>Handled by the port itself or by its limits: accepted, and at most lowering ours.</summary>
    private static readonly FrozenSet<string> Limits = new[]
    {
        "max_execution_time", "max_result_rows", "max_result_bytes", "max_memory_usage", "max_rows_to_read", "max_threads", "readonly",
        "result_overflow_mode", "timeout_overflow_mode", "read_overflow_mode", "wait_end_of_query", "buffer_size", "enable_http_compression",
        "http_zlib_compression_level", "send_progress_in_http_headers", "http_headers_progress_interval_ms", "cancel_http_readonly_queries_on_client_close",
        "http_write_exception_in_output_format", "log_queries", "log_comment", "async_insert", "wait_for_async_insert", "output_format_native_use_flattened_dynamic_and_json_serialization",
        "add_http_cors_header", "max_bytes_to_read", "allow_experimental_json_type", "date_time_64_output_format_cut_trailing_zeros_align_to_groups_of_thousands",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Takes one URL parameter as a setting. Throws <see cref="PortRefusal"/> for one that is not for clients.</summary>
    public static void Take(string name, string value, Dictionary<string, string> settings, ref QueryLimits limits)
    {
        if (!ReadSettings.IsName(name)) throw new PortRefusal(115, "UNKNOWN_SETTING", "A setting has a name of other characters than letters, digits and _");
        if (value.Length > ReadSettings.ValueCharactersMax) throw new PortRefusal(36, "BAD_ARGUMENTS", $"Setting {name} is over {ReadSettings.ValueCharactersMax} characters");
        if (Limits.Contains(name)) limits = Lowered(name, value, limits);
        else if (IsShape(name) || Passed.Contains(name)) settings[name] = value;
        else throw new PortRefusal(164, "READONLY", $"Cannot modify '{name}' setting in readonly mode");
    }

    private static bool IsShape(string name) =>
        (name.StartsWith("output_format_", StringComparison.Ordinal) || name.StartsWith("format_csv_", StringComparison.Ordinal)
            || name.StartsWith("format_tsv_", StringComparison.Ordinal))
        && !NotShape.Any(part => name.Contains(part, StringComparison.Ordinal));

    /// <summary>A client may ask for less than our limits, never for more; 0, "no limit", is ours.</summary>
    private static QueryLimits Lowered(string name, string value, QueryLimits limits)
    {
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !(number > 0) || number > 1e15) return limits;
        var whole = (long)number;
        return name switch
        {
            "max_execution_time" => limits with { ExecutionTimeMax = Least(limits.ExecutionTimeMax, TimeSpan.FromSeconds(Math.Min(number, 86_400))) },
            "max_result_rows" => limits with { ResultRowsMax = Math.Min(limits.ResultRowsMax, Math.Max(1, whole)) },
            "max_result_bytes" => limits with { ResultBytesMax = Math.Min(limits.ResultBytesMax, Math.Max(1, whole)) },
            "max_memory_usage" => limits with { MemoryBytesMax = Math.Min(limits.MemoryBytesMax, Math.Max(1, whole)) },
            "max_rows_to_read" => limits with { RowsToReadMax = Math.Min(limits.RowsToReadMax, Math.Max(1, whole)) },
            "max_threads" => limits with { ThreadsMax = (int)Math.Clamp(whole, 1, limits.ThreadsMax) },
            _ => limits,
        };
    }

    private static TimeSpan Least(TimeSpan ours, TimeSpan theirs) => theirs < ours ? theirs : ours;
}
