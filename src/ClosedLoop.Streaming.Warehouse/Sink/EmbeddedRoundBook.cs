using System.Globalization;
using System.Security.Cryptography;
using ClosedLoop.Streaming.Log;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.Warehouse.Sink;

/// <summary>The book in the embedded file: one row, committed by the file's own committer beside everything else.</summary>
internal sealed class EmbeddedRoundBook(IEmbeddedFile file) : IRoundBook
{
    private const int RowBytes = 256;

    public async Task<(long Epoch, RoundRecord? Last)> OpenAsync(CancellationToken cancel)
    {
        var epoch = NewEpoch();
        await file.SubmitAsync(new CommitUnit([], (connection, transaction) =>
        {
            Run(connection, transaction, """
                CREATE TABLE IF NOT EXISTS warehouse_round(
                    id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, number INTEGER NOT NULL, ranges TEXT NOT NULL, content TEXT NOT NULL)
                """);
            Run(connection, transaction, "INSERT OR IGNORE INTO warehouse_round VALUES (1, $epoch, 0, '', '')", ("$epoch", epoch));
        }, RowBytes, Background: false)).ConfigureAwait(false);

        using var reader = file.OpenReader();
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT epoch, number, ranges, content FROM warehouse_round WHERE id = 1";
        using var row = command.ExecuteReader();
        if (!row.Read()) throw new InvalidOperationException("The warehouse's row in the embedded file is gone.");
        var (found, number, ranges) = (row.GetInt64(0), row.GetInt64(1), row.GetString(2));
        return ranges.Length == 0
            ? (found, null)
            : (found, new RoundRecord(found, number, RoundRecord.RangesOf(ranges), ulong.Parse(row.GetString(3), NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
    }

    public Task WriteAsync(RoundRecord round) => file.SubmitAsync(new CommitUnit([], (connection, transaction) =>
        Run(connection, transaction, "UPDATE warehouse_round SET epoch = $epoch, number = $number, ranges = $ranges, content = $content WHERE id = 1",
            ("$epoch", round.Epoch), ("$number", round.Number), ("$ranges", round.Key),
            ("$content", round.Content.ToString("x16", CultureInfo.InvariantCulture))),
        RowBytes, Background: true));

    // Drawn, not counted: a new file beside an old warehouse must not repeat the old one's epochs.
    private static long NewEpoch() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & long.MaxValue;

    private static void Run(SqliteConnection connection, SqliteTransaction transaction, string sql, params (string Name, object Value)[] values)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}
