namespace ClosedLoop.Streaming.Warehouse.Port;

/// <summary>Headers and words of ClickHouse's HTTP interface.</summary>
internal static class PortHeaders
{
    /// <summary>Version that clients are told: the engine's.</summary>
    public const string Version = "26.7.2.1";

    public const string ServerName = "closedloop";
    public const string User = "X-ClickHouse-User";
    public const string Key = "X-ClickHouse-Key";
    public const string Database = "X-ClickHouse-Database";
    public const string FormatAsked = "X-ClickHouse-Format";
    public const string QueryId = "X-ClickHouse-Query-Id";
    public const string Summary = "X-ClickHouse-Summary";
    public const string ExceptionCode = "X-ClickHouse-Exception-Code";
    public const string DisplayName = "X-ClickHouse-Server-Display-Name";
    public const string Timezone = "X-ClickHouse-Timezone";
}
