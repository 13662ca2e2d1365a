namespace ClosedLoop.Streaming.Log;

/// <summary>
/// Says up to which offset of hits a base snapshot covers a partition, so that a replay can start there. Without one nothing of the hits
/// is ever deleted.
/// </summary>
public interface IRetentionGate
{
    /// <summary>Offset after the last hit that a durable base snapshot contains; 0 when there is none.</summary>
    long SnapshotOffset(int partition);
}
