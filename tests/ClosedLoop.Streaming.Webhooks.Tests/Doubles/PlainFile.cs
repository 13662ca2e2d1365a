using ClosedLoop.Streaming.Log;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>A SQLite file that commits each unit at once; it can be made to refuse, like a full disk.</summary>
public sealed class PlainFile : IEmbeddedFile, IDisposable
{
    private readonly string _path;
    private readonly SqliteConnection _writer;
    private readonly Lock _gate = new();

    public PlainFile(string path)
    {
        _path = path;
        _writer = new SqliteConnection($"Data Source={path};Pooling=False");
        _writer.Open();
        using var command = _writer.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF";
        command.ExecuteNonQuery();
    }

    /// <summary>How many more units are taken; negative: all.</summary>
    public int UnitsLeft { get; set; } = -1;
    public int Units { get; private set; }

    public Task SubmitAsync(CommitUnit unit)
    {
        lock (_gate)
        {
            if (UnitsLeft == 0) return Task.FromException(new LogUnavailableException("disk_full", "The disk is full."));
            if (UnitsLeft > 0) UnitsLeft--;
            Units++;
            using var transaction = _writer.BeginTransaction();
            unit.Write?.Invoke(_writer, transaction);
            transaction.Commit();
        }
        return Task.CompletedTask;
    }

    public SqliteConnection OpenReader()
    {
        var reader = new SqliteConnection($"Data Source={_path};Mode=ReadOnly;Pooling=False");
        reader.Open();
        return reader;
    }

    public void Dispose() => _writer.Dispose();
}
