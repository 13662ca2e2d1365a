using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.Log;

/// <summary>The tables of the log inside the file, and its version. Other rooms keep theirs beside them, each with a version of its own.</summary>
internal static class Schema
{
    private const int Version = 1;
    private const int ApplicationId = 0x434C5331; // "CLS1"
    // A commit of few hits writes few bytes; large groups are hardly dearer than with larger pages.
    public const int PageBytes = 4096;

    private const string Tables = """
        CREATE TABLE log_positions(reader TEXT NOT NULL, lane INTEGER NOT NULL, next INTEGER NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY(reader, lane)) WITHOUT ROWID;
        CREATE TABLE log_starts(lane INTEGER PRIMARY KEY, start INTEGER NOT NULL, chain INTEGER NOT NULL, total INTEGER NOT NULL, sum INTEGER NOT NULL);
        CREATE TABLE log_damages(topic INTEGER NOT NULL, partition INTEGER NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL,
            what TEXT NOT NULL, noticed_ms INTEGER NOT NULL, PRIMARY KEY(topic, partition, first, next)) WITHOUT ROWID;
        CREATE TABLE log_meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private const string LaneColumns = """
        first INTEGER PRIMARY KEY, count INTEGER NOT NULL, time_ms INTEGER NOT NULL, total INTEGER NOT NULL,
        sum INTEGER NOT NULL, chain INTEGER NOT NULL, bytes BLOB NOT NULL
        """;

    /// <summary>Makes or checks the tables. Gives the id of this file.</summary>
    /// <exception cref="InvalidOperationException">Another program's file, a newer version, or another number of partitions.</exception>
    public static long Ensure(SqliteConnection connection, EmbeddedLogOptions options)
    {
        Pragmas(connection);
        var version = Scalar(connection, "PRAGMA user_version");
        if (version == 0) Create(connection, options);
        else if (version != Version || Scalar(connection, "PRAGMA application_id") != ApplicationId)
            throw new InvalidOperationException($"{options.Path} has format {version}; this program knows format {Version}. Use the program that wrote it, or another data folder.");
        var (partitions, id) = (Meta(connection, "partitions"), Meta(connection, "file_id"));
        if (Meta(connection, "sum") != RowSum.Of("meta", partitions, id)) throw new InvalidDataException("the table log_meta was changed");
        if (partitions != options.Partitions)
            throw new InvalidOperationException($"{options.Path} was made with {partitions} partitions and the settings say {options.Partitions}; the number is fixed at creation. Set Log:Partitions to {partitions}.");
        return id;
    }

    private static long Meta(SqliteConnection connection, string name) => Scalar(connection, $"SELECT value FROM log_meta WHERE name = '{name}'");

    public static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void Pragmas(SqliteConnection connection)
    {
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA page_size = {PageBytes}"));
        Run(connection, "PRAGMA journal_mode = WAL");
        // NORMAL syncs around checkpoints, so a power loss never tears the file; the sync per commit is ours (see DiskSync).
        Run(connection, "PRAGMA synchronous = NORMAL");
        Run(connection, "PRAGMA wal_autocheckpoint = 0");
        Run(connection, "PRAGMA cache_size = -8000");
        // Somebody looking into the file with another tool may hold it for a moment.
        Run(connection, "PRAGMA busy_timeout = 5000");
        Run(connection, "PRAGMA cell_size_check = ON");
    }

    private static void Create(SqliteConnection connection, EmbeddedLogOptions options)
    {
        if (Scalar(connection, "SELECT count(*) FROM sqlite_schema") != 0)
            throw new InvalidOperationException($"{options.Path} is a database of another program. Choose another data folder.");
        using var transaction = connection.BeginTransaction(deferred: false);
        Run(connection, Tables);
        for (var lane = 0; lane < LaneMap.Count(options.Partitions); lane++)
            Run(connection, $"CREATE TABLE {LaneMap.Table(lane, options.Partitions)}({LaneColumns})");
        var id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
        Run(connection, string.Create(CultureInfo.InvariantCulture,
            $"INSERT INTO log_meta VALUES('partitions', {options.Partitions}), ('file_id', {id}), ('sum', {RowSum.Of("meta", options.Partitions, id)})"));
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}"));
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"));
        transaction.Commit();
        // Into the database at once, directory entry and all: a file whose very beginning were only in the write-ahead file
        // could be forgotten whole, and would then be taken for a new one.
        Run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }
}
