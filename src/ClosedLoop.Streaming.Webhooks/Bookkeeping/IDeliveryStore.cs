using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>A delivery that waits, as the file keeps it.</summary>
internal readonly record struct PendingRow(
    long Sequence, string Endpoint, Id Message, Id Person, string Type, long CreatedMs, int Attempts, long DueMs, byte[]? Body);

/// <summary>A delivery that was given up. Without a body, its row among those that wait has it.</summary>
internal readonly record struct DeadRow(
    long Sequence, string Endpoint, Id Message, Id Person, string Type, long CreatedMs, long DiedMs, int Attempts, int Status, string Reason, byte[]? Body);

/// <summary>The newest attempts of one endpoint, oldest first.</summary>
internal readonly record struct HistoryRow(string Endpoint, DeliveryRecord[] Records);

/// <summary>What changed since the last write. Rows of one list keep their order.</summary>
internal sealed class StoreBatch
{
    public List<PendingRow> Inserts { get; } = [];
    public List<(long Sequence, int Attempts, long DueMs)> Updates { get; } = [];
    public List<DeadRow> Dead { get; } = [];
    /// <summary>Rows that wait no longer; applied after <see cref="Dead"/>.</summary>
    public List<long> Deletes { get; } = [];
    public List<HistoryRow> History { get; } = [];
    /// <summary>Endpoints that were deleted: everything about them goes.</summary>
    public List<string> Forgotten { get; } = [];

    /// <summary>People whose dead letters are deleted.</summary>
    public List<Id> Erased { get; } = [];

    public bool IsEmpty => Erased.Count + Inserts.Count + Updates.Count + Dead.Count + Deletes.Count + History.Count + Forgotten.Count == 0;
}

/// <summary>Durable bookkeeping. Writes are taken whole and in order, in the background; reads are short and see what was written.</summary>
internal interface IDeliveryStore
{
    Task OpenAsync(CancellationToken cancel);

    /// <summary>All that wait, without bodies, in order of <see cref="PendingRow.Sequence"/>.</summary>
    IReadOnlyList<PendingRow> Pending();

    /// <summary>The highest sequence of any row, waiting or dead; 0 without rows.</summary>
    long LastSequence();

    /// <summary>Completes when durable.</summary>
    Task WriteAsync(StoreBatch batch);

    byte[]? Body(long sequence);

    /// <summary>Newest first.</summary>
    IReadOnlyList<DeliveryRecord> History(string endpoint, int max);

    /// <summary>Oldest first.</summary>
    /// <param name="ids">Null: all of the endpoint.</param>
    IReadOnlyList<DeadRow> Dead(string endpoint, long sinceMs, IReadOnlyCollection<Id>? ids, int max);

    int DeadCount(string endpoint);

    /// <summary>Moves dead letters back among those that wait, with new sequences, in one step.</summary>
    Task ReviveAsync(string endpoint, IReadOnlyList<(Id Message, long Sequence)> letters);
}
