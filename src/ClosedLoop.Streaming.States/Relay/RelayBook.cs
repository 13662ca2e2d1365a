using System.Globalization;
using ClosedLoop.Streaming.Log;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.States;

/// <param name="Next">Offset in the embedded file of the next record to bring over.</param>
/// <param name="Mark">Offset in the other log before which none of those records can be.</param>
internal readonly record struct RelayPlace(long Next, long Mark);

/// <summary>How far the relay is, in the embedded file itself; and which log it brings things to.</summary>
internal sealed class RelayBook(IEmbeddedFile file)
{
    private const string Identity = "identity";
    private const int RowBytes = 128;

    /// <exception cref="InvalidOperationException">The file belongs to another log.</exception>
    public async Task OpenAsync(string identity)
    {
        await SubmitAsync("CREATE TABLE IF NOT EXISTS states_relay(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID").ConfigureAwait(false);
        await SubmitAsync("INSERT OR IGNORE INTO states_relay VALUES ($name, $value)", Identity, identity).ConfigureAwait(false);
        if (Read(Identity) is { } known && known != identity)
            throw new InvalidOperationException($"The states in the data folder belong to another log ({known}), and this log is {identity}. Use the data folder of this log, or an empty one.");
    }

    public RelayPlace? Find(Topic topic, int partition)
    {
        if (Read(Name(topic, partition)) is not { } row) return null;
        var parts = row.Split(' ');
        return new RelayPlace(long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public Task WriteAsync(Topic topic, int partition, RelayPlace place) => SubmitAsync("INSERT OR REPLACE INTO states_relay VALUES ($name, $value)",
        Name(topic, partition), string.Create(CultureInfo.InvariantCulture, $"{place.Next} {place.Mark}"));

    private static string Name(Topic topic, int partition) => string.Create(CultureInfo.InvariantCulture, $"{topic}/{partition}");

    private string? Read(string name)
    {
        using var reader = file.OpenReader();
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT value FROM states_relay WHERE name = $name";
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteScalar() as string;
    }

    private Task SubmitAsync(string sql, string name = "", string value = "") => file.SubmitAsync(new CommitUnit([], (connection, transaction) =>
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.Parameters.Add(new SqliteParameter("$name", name));
        command.Parameters.Add(new SqliteParameter("$value", value));
        command.ExecuteNonQuery();
    }, RowBytes, Background: true));
}
