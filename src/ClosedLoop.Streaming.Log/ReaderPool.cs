using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.Log;

/// <summary>Connections that only read, each with its statements; kept open, so that a process out of file handles can still read.</summary>
internal sealed class ReaderPool(string connectionString, int lanes) : IDisposable
{
    private const int IdleMax = 8;

    private readonly ConcurrentBag<Reader> _idle = [];
    private bool _disposed;

    public Reader Rent() => _idle.TryTake(out var reader) ? reader : new Reader(Open(), lanes);

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
        /// <summary>Of a lane's table, in the order that <see cref="Row"/> expects.</summary>
        public const string Columns = "first, count, time_ms, total, sum, chain, bytes";

        private readonly SqliteConnection _connection;
        private readonly Statement?[] _before;
        private readonly Statement?[] _range;

        public Reader(SqliteConnection connection, int lanes)
        {
            _connection = connection;
            _before = new Statement?[lanes];
            _range = new Statement?[lanes];
        }

        /// <summary>First offset of the chunk that begins at ?1 or last before it.</summary>
        public Statement Before(Lane lane) => _before[lane.Index] ??= new Statement(_connection,
            $"SELECT first FROM {lane.Table} WHERE first <= ?1 ORDER BY first DESC LIMIT 1");

        /// <summary>Chunks that begin at ?1 or later. No upper bound: a flipped key must not end the scan before its time.</summary>
        public Statement Range(Lane lane) => _range[lane.Index] ??= new Statement(_connection,
            $"SELECT {Columns} FROM {lane.Table} WHERE first >= ?1 ORDER BY first");

        public static Chunk Row(Statement row, Topic topic, int partition)
        {
            var first = row.Long(0);
            var count = row.Long(1);
            // A flipped bit can make any number of it; what isn't possible becomes a chunk that is not whole.
            var possible = count is > 0 and <= int.MaxValue ? (int)count : 0;
            return new Chunk(topic, partition, first, possible, row.Long(2), row.Long(3), row.Long(4), row.Long(5), row.Blob(6).ToArray());
        }

        public void Dispose()
        {
            foreach (var statement in _before.Concat(_range)) statement?.Dispose();
            _connection.Dispose();
        }
    }
}
