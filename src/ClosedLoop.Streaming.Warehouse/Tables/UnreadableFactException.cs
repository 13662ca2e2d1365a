namespace ClosedLoop.Streaming.Warehouse.Tables;

/// <summary>A fact that no table can take; it is kept in <c>unreadable_facts</c> under this name and never holds up the ones behind it.</summary>
internal sealed class UnreadableFactException(string reason) : Exception(reason)
{
    public string Reason { get; } = reason;
}
