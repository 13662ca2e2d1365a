using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.Log;

/// <summary>Connections that only read, each with its statements; kept open, so that a process out of file handles can still read.</summary>
internal sealed class ReaderPool(string connectionString) : IDisposable
{
    private const int IdleMax = 8;

    private readonly ConcurrentBag<Reader> _idle = [];
    private bool _disposed;

    public Reader Rent() => _idle.TryTake(out var reader) ? reader : new Reader(Open());

    public void Return(Reader reader)
    {
        if (_disposed || _idle.Count >= IdleMax) reader.Dispose();
        else _idle.Add(reader);
    }

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        Schema.Run(connection, "PRAGMA query_only = ON");
        Schema.Run(connection, "PRAGMA cell_size_check = ON");
        return connection;
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var reader)) reader.Dispose();
    }

    internal sealed class Reader : IDisposable
    {
        private const string Columns = "SELECT key, count, time_ms, total, sum, chain, bytes FROM log_chunks ";

        private readonly SqliteConnection _connection;

        public Reader(SqliteConnection connection)
        {
            _connection = connection;
            Before = new Statement(connection, "SELECT key FROM log_chunks WHERE key BETWEEN ?1 AND ?2 ORDER BY key DESC LIMIT 1");
            Range = new Statement(connection, Columns + "WHERE key >= ?1 AND key < ?2 ORDER BY key");
        }

        /// <summary>The last key between two.</summary>
        public Statement Before { get; }

        /// <summary>Chunks from a key up to another.</summary>
        public Statement Range { get; }

        public static Chunk Row(Statement row, Topic topic, int partition)
        {
            var first = LaneMap.Offset(row.Long(0));
            var count = row.Long(1);
            // A flipped bit can make any number of it; what isn't possible becomes a chunk that is not whole.
            var possible = count is > 0 and <= int.MaxValue ? (int)count : 0;
            return new Chunk(topic, partition, first, possible, row.Long(2), row.Long(3), row.Long(4), row.Long(5), row.Blob(6).ToArray());
        }

        public void Dispose()
        {
            Before.Dispose();
            Range.Dispose();
            _connection.Dispose();
        }
    }
}
