using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.Log;

/// <summary>Records for one partition of one topic: Count × (4-byte little-endian length, record).</summary>
public readonly record struct AppendBlock(Topic Topic, int Partition, int Count, ReadOnlyMemory<byte> Bytes);

/// <summary>What must land together: appends, and writes to other tables of the same file. Runs on the committer's thread.</summary>
/// <param name="Appends">May be empty.</param>
/// <param name="Write">Runs inside the transaction on the committer's own connection; must be short; an exception stops the process.</param>
/// <param name="Bytes">Approximate bytes written, for the bound of one commit.</param>
/// <param name="Background">True for work that no door and no processor waits for: it never delays them.</param>
public sealed record CommitUnit(
    IReadOnlyList<AppendBlock> Appends, Action<SqliteConnection, SqliteTransaction>? Write, int Bytes, bool Background);

/// <summary>
/// The embedded file: one committer thread, one sync for all that waits. Other rooms keep their small tables in it
/// (created through <see cref="SubmitAsync"/>), so that their bookkeeping commits with what it is about.
/// </summary>
public interface IEmbeddedFile
{
    /// <summary>Completes when durable at the configured level. Throws <see cref="LogUnavailableException"/>.</summary>
    Task SubmitAsync(CommitUnit unit);

    /// <summary>A read-only connection for short reads; the caller disposes it.</summary>
    SqliteConnection OpenReader();
}
