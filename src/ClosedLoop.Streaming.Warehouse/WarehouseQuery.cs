namespace ClosedLoop.Streaming.Warehouse;

/// <summary>A read. Values reach the engine only as parameters, <c>{name:Type}</c> in the text; never by joining strings.</summary>
public sealed record WarehouseQuery(string Sql)
{
    /// <summary>Parameter values as plain text; the adapter escapes them for its wire.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = NoText;

    /// <summary>True when the values are TSV-escaped already, as ClickHouse's clients send them.</summary>
    public bool ParametersEscaped { get; init; }

    /// <summary>Output format when the text names none.</summary>
    public string Format { get; init; } = "JSONCompact";

    public QueryLimits Limits { get; init; } = QueryLimits.Default;

    /// <summary>Engine settings of this query alone (already checked against an allow-list when they come from outside).</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = NoText;

    /// <summary>False only for statements that the engine does not stream: SHOW, DESCRIBE, EXPLAIN, EXISTS.</summary>
    public bool Streamed { get; init; } = true;

    private static readonly IReadOnlyDictionary<string, string> NoText = new Dictionary<string, string>();
}

/// <summary>What one read may take. The engine itself enforces these, under <c>readonly</c>.</summary>
public sealed record QueryLimits
{
    public static QueryLimits Default { get; } = new();

    public TimeSpan ExecutionTimeMax { get; init; } = TimeSpan.FromSeconds(30);
    public long MemoryBytesMax { get; init; } = 512L * 1024 * 1024;
    public long ResultRowsMax { get; init; } = 5_000_000;
    public long ResultBytesMax { get; init; } = 1024L * 1024 * 1024;
    public long RowsToReadMax { get; init; } = 2_000_000_000;
    public int ThreadsMax { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 8);
}

/// <summary>What a read cost.</summary>
public sealed record QuerySummary(long RowsRead, long BytesRead, long ResultRows, TimeSpan Elapsed);
