using ClosedLoop.Streaming.Log;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.States.Tests;

/// <summary>A data folder of one test with the real embedded file in it, gone with the test.</summary>
internal sealed class StatesFolder : IAsyncDisposable
{
    private readonly string _folder;
    private EmbeddedFile? _file;
    private EmbeddedJournal? _journal;

    public StatesFolder() => _folder = Directory.CreateTempSubdirectory("closedloop-states-").FullName;

    private StatesFolder(string folder) => _folder = folder;

    public EmbeddedJournal Journal => _journal!;

    public EmbeddedLog Log => new(_file!);

    public EmbeddedFile File => _file!;

    public string Database => Path.Combine(_folder, "closedloop.db");

    public StatesFolder Open(Action<StatesOptions>? change = null, Func<IEmbeddedFile, IEmbeddedFile>? around = null)
    {
        var options = new StatesOptions();
        change?.Invoke(options);
        _file = new EmbeddedFile(
            new EmbeddedLogOptions { Path = Database, FreeBytesMin = 0, Durability = Durability.PageCache, BackgroundWaitMax = TimeSpan.Zero },
            TimeProvider.System, NullLogger<EmbeddedFile>.Instance);
        _journal = new EmbeddedJournal(around is null ? _file : around(_file), options);
        _file.RetentionGate = _journal;
        return this;
    }

    /// <summary>
    /// What a kill -9 would leave at this moment, in a folder of its own. Copied on the committer's thread, so between two transactions.
    /// </summary>
    public async Task<StatesFolder> KilledAsync()
    {
        var copy = Directory.CreateTempSubdirectory("closedloop-states-killed-").FullName;
        await _file!.SubmitAsync(new CommitUnit([], (_, _) =>
        {
            foreach (var name in new[] { Database, Database + "-wal" })
                if (System.IO.File.Exists(name)) System.IO.File.Copy(name, Path.Combine(copy, Path.GetFileName(name)));
        }, 100, Background: false));
        return new StatesFolder(copy);
    }

    public async Task CloseAsync()
    {
        if (_journal is not null) await _journal.DisposeAsync();
        _file?.Dispose();
        (_journal, _file) = (null, null);
    }

    /// <summary>Changes the closed file behind everybody's back.</summary>
    public void Tamper(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.True(command.ExecuteNonQuery() > 0, "nothing was changed");
    }

    public long Ask(string sql)
    {
        using var connection = _file!.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long value ? value : 0;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
