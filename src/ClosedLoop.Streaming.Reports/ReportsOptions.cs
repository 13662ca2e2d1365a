namespace ClosedLoop.Streaming.Reports;

/// <summary>Limits of reports.</summary>
public sealed class ReportsOptions
{
    /// <summary>Rows of one answer, 100–100,000; more is an error that says so, never a silent cut.</summary>
    public int RowsMax { get; set; } = 10_000;

    /// <summary>Days that one report may span, 1–36,600.</summary>
    public int DaysMax { get; set; } = 3_660;

    /// <summary>Lower-case hex SHA-256 of the admin key.</summary>
    public string AdminKeySha256 { get; set; } = "";
}
