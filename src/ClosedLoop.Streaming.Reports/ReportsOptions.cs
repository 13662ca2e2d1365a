using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Reports;

/// <summary>Limits of reports.</summary>
public sealed class ReportsOptions
{
    /// <summary>Rows of one answer, 100–100,000; more is an error that says so, never a silent cut.</summary>
    public int RowsMax { get; set; } = 10_000;

    /// <summary>Conversions of one export, 100–1,000,000.</summary>
    public int ConversionsMax { get; set; } = 100_000;

    /// <summary>Days that one report may span, 1–36,600.</summary>
    public int DaysMax { get; set; } = 3_660;

    /// <summary>How long the warehouse may work on one question, 1 s to 10 min.</summary>
    public TimeSpan QueryTimeMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of memory that one question may take in the warehouse, 64 MiB and more.</summary>
    public long QueryMemoryBytesMax { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Lower-case hex SHA-256 of the admin key.</summary>
    public string AdminKeySha256 { get; set; } = "";

    internal QueryLimits Limits(int rowsMax) =>
        QueryLimits.Default with { ResultRowsMax = rowsMax, ExecutionTimeMax = QueryTimeMax, MemoryBytesMax = QueryMemoryBytesMax };
}
