using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Log;

/// <summary>All damage that was ever noticed in this file: said once, kept in the file, countable.</summary>
internal sealed class Damages(LogTelemetry telemetry, ILogger logger)
{
    private const int KeptMax = 10_000;

    private readonly Lock _lock = new();
    private readonly HashSet<LogDamage> _known = [];

    public Action<LogDamage>? Noticed { get; set; }

    public IReadOnlyList<LogDamage> All
    {
        get { lock (_lock) return [.. _known]; }
    }

    public void Load(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT topic, partition, first, next, what FROM log_damages";
        using var row = command.ExecuteReader();
        while (row.Read())
            _known.Add(new LogDamage((Topic)row.GetInt64(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4)));
    }

    public void Note(LogDamage damage)
    {
        lock (_lock)
        {
            if (_known.Count >= KeptMax || Covers(damage)) return;
            _known.Add(damage);
        }
        telemetry.Damaged(damage);
        LogMessages.Damaged(logger, damage.Topic, damage.Partition, damage.First, damage.Count, damage.What);
        Noticed?.Invoke(damage);
    }

    public static void Save(SqliteConnection connection, LogDamage damage, long nowMs)
    {
        using var command = connection.CreateCommand();
        // Inside the transaction of the committer, or in one of its own while the file opens.
        command.CommandText = "INSERT OR IGNORE INTO log_damages VALUES($topic, $partition, $first, $next, $what, $now)";
        command.Parameters.AddWithValue("$topic", (long)damage.Topic);
        command.Parameters.AddWithValue("$partition", damage.Partition);
        command.Parameters.AddWithValue("$first", damage.First);
        command.Parameters.AddWithValue("$next", damage.Next);
        command.Parameters.AddWithValue("$what", damage.What);
        command.Parameters.AddWithValue("$now", nowMs);
        command.ExecuteNonQuery();
    }

    private bool Covers(LogDamage damage) => _known.Any(k =>
        k.Topic == damage.Topic && k.Partition == damage.Partition && k.First <= damage.First && k.Next >= damage.Next);
}
