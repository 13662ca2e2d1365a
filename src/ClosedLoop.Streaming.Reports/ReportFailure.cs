using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Reports;

/// <summary>What is said when the warehouse gives up on a question: one table from its code to status, name and advice.</summary>
/// <param name="Status">HTTP status.</param>
internal sealed record ReportFailure(int Status, string Code, string Message)
{
    private const string Advice = "ask for a shorter period or a filter";

    public static ReportFailure Of(WarehouseException e, ReportsOptions options) => e.Code switch
    {
        // TIMEOUT_EXCEEDED, TOO_SLOW
        159 or 160 => new(504, "report_too_slow", $"The report took longer than {options.QueryTimeMax.TotalSeconds:0} s; {Advice} (setting ClosedLoop:Reports:QueryTimeMax)."),
        // MEMORY_LIMIT_EXCEEDED
        241 => new(422, "report_too_large", $"The report needs more than {options.QueryMemoryBytesMax >> 20} MiB of memory; {Advice} (setting ClosedLoop:Reports:QueryMemoryBytesMax)."),
        // TOO_MANY_ROWS, TOO_MANY_ROWS_OR_BYTES, TOO_MANY_BYTES
        158 or 396 or 307 => new(422, "report_too_large", $"The report reads or answers too much; {Advice}."),
        // QUERY_WAS_CANCELLED
        394 => new(503, "report_cancelled", "The report was ended before it was done; try again."),
        _ => new(500, "report_failed", "The warehouse could not answer this question; the log of the system says why."),
    };
}
