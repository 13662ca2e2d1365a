using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.Log;

/// <summary>Committed positions of named readers. Commits that wait at the same time become one small background unit; the last one of a reader and lane counts.</summary>
internal sealed class Positions(Func<CommitUnit, Action?, Task> submit)
{
    public const int ReaderCharsMax = 64;
    private const int RowBytes = 96;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<(string Reader, int Lane), long> _durable = new();
    private Batch? _open;

    private sealed class Batch
    {
        public Dictionary<(string Reader, int Lane), long> Rows { get; } = [];
        public Task Done { get; set; } = Task.CompletedTask;
    }

    public void Load(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT reader, lane, next, sum FROM log_positions";
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var (reader, lane, next) = (row.GetString(0), row.GetInt64(1), row.GetInt64(2));
            // A wrong position would skip or repeat records without a word.
            if (RowSum.Of(reader, lane, next) != row.GetInt64(3)) throw new InvalidDataException("a row of log_positions was changed");
            _durable[(reader, (int)lane)] = next;
        }
    }

    public long Get(string reader, int lane) => _durable.GetValueOrDefault((reader, lane));

    /// <summary>Lowest position of any known reader of the lane; null when nobody reads it.</summary>
    public long? Lowest(int lane)
    {
        long? lowest = null;
        foreach (var ((_, of), next) in _durable)
            if (of == lane && (lowest is null || next < lowest)) lowest = next;
        return lowest;
    }

    public Task Commit(string reader, int lane, long next)
    {
        lock (_lock)
        {
            // A batch whose task is over failed before it was written; nobody may join it any more.
            if (_open is { Done.IsCompleted: false })
            {
                _open.Rows[(reader, lane)] = next;
                return _open.Done;
            }
            var batch = _open = new Batch { Rows = { [(reader, lane)] = next } };
            var unit = new CommitUnit([], (connection, transaction) => Write(batch, connection, transaction), RowBytes, Background: true);
            return batch.Done = submit(unit, () => Publish(batch));
        }
    }

    private void Write(Batch batch, SqliteConnection connection, SqliteTransaction transaction)
    {
        // Closed here and not earlier: whoever comes while it waits for its ride still gets on.
        lock (_lock)
            if (_open == batch) _open = null;
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO log_positions VALUES($reader, $lane, $next, $sum) ON CONFLICT DO UPDATE SET next = excluded.next, sum = excluded.sum";
        var parameters = new[] { "$reader", "$lane", "$next", "$sum" }.Select(name => new SqliteParameter { ParameterName = name }).ToArray();
        command.Parameters.AddRange(parameters);
        foreach (var (key, value) in batch.Rows)
        {
            object[] row = [key.Reader, key.Lane, value, RowSum.Of(key.Reader, key.Lane, value)];
            for (var i = 0; i < row.Length; i++) parameters[i].Value = row[i];
            command.ExecuteNonQuery();
        }
    }

    private void Publish(Batch batch)
    {
        foreach (var (key, next) in batch.Rows) _durable[key] = next;
    }
}
