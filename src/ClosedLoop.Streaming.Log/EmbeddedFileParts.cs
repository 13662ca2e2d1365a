namespace ClosedLoop.Streaming.Log;

/// <summary>What the committer works with.</summary>
internal sealed record EmbeddedFileParts(
    EmbeddedLogOptions Options, TimeProvider Clock, string Folder, Lane[] Lanes, CommitQueue Queue,
    ChunkStore Store, DiskSync Sync, Witness Witness, Checkpointer Checkpointer, LogTelemetry Telemetry) : IDisposable
{
    /// <summary>The committer's connection last: closing it copies the write-ahead file and removes it.</summary>
    public void Dispose()
    {
        Checkpointer.Dispose();
        Store.Dispose();
        Sync.Dispose();
        Witness.Dispose();
        Telemetry.Dispose();
    }
}
