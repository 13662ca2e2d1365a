namespace ClosedLoop.Streaming.Warehouse.Port;

/// <summary>The port's own no, in ClickHouse's terms: its code, its name, a sentence.</summary>
internal sealed class PortRefusal(int code, string name, string message) : Exception(message)
{
    public int Code { get; } = code;
    public string Name { get; } = name;

    /// <summary>As a server writes it.</summary>
    public string Text => $"Code: {Code}. DB::Exception: {Message}. ({Name}) (version {PortHeaders.Version})";

    public static PortRefusal ReadOnly(string what) => new(164, "READONLY", $"{what} is not allowed: this port only reads");

    public static PortRefusal Denied(string what) => new(497, "ACCESS_DENIED", $"dashboard: Not enough privileges: {what}");
}
