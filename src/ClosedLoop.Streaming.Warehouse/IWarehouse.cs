using System.Text;
using System.Text.Json;

namespace ClosedLoop.Streaming.Warehouse;

/// <summary>
/// The warehouse as the sink and the reports see it. Adapters: chDB in this process and a ClickHouse server over HTTP.
/// Failures of the statement are <see cref="WarehouseException"/>; a warehouse that can't be reached is <see cref="WarehouseAwayException"/>.
/// </summary>
public interface IWarehouse
{
    /// <summary>Connects and brings the schema up to date; may be called again after a failure and does nothing when done.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>
    /// Inserts the block as one part, synced to disk when the task completes. The same token again within the deduplication window of
    /// its table and month adds nothing.
    /// </summary>
    /// <param name="token">Letters, digits, <c>-</c> and <c>_</c>.</param>
    Task InsertAsync(NativeBlock block, string token, CancellationToken cancel);

    /// <summary>Runs a read. Returns when the first bytes are there, so that a refused query is an exception and not half an answer.</summary>
    Task<WarehouseAnswer> QueryAsync(WarehouseQuery query, CancellationToken cancel);

    /// <summary>Runs a statement of our own that changes something (schema, truncation); never text from outside.</summary>
    Task ExecuteAsync(string statement, CancellationToken cancel);
}

/// <summary>The bytes of an answer, chunk by chunk.</summary>
public abstract class WarehouseAnswer : IAsyncDisposable
{
    /// <summary>The next bytes, valid until the next call; empty at the end. Throws <see cref="WarehouseException"/> when the query fails half way.</summary>
    public abstract ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel);

    /// <summary>Complete once <see cref="NextAsync"/> gave the end.</summary>
    public abstract QuerySummary Summary { get; }

    public abstract ValueTask DisposeAsync();
}

/// <summary>Short answers, whole.</summary>
public static class WarehouseReading
{
    /// <summary>A short answer is at most 64 MiB; longer ones are for <see cref="IWarehouse.QueryAsync"/>.</summary>
    public const int AnswerBytesMax = 64 * 1024 * 1024;

    public static async Task<byte[]> ReadAsync(this IWarehouse warehouse, WarehouseQuery query, CancellationToken cancel)
    {
        await using var answer = await warehouse.QueryAsync(query, cancel).ConfigureAwait(false);
        using var all = new MemoryStream();
        while (await answer.NextAsync(cancel).ConfigureAwait(false) is { IsEmpty: false } chunk)
        {
            if (all.Length + chunk.Length > AnswerBytesMax)
                throw new WarehouseException(396, $"The answer is over {AnswerBytesMax} bytes.");
            all.Write(chunk.Span);
        }
        return all.ToArray();
    }

    /// <summary>Rows of a query as JSON arrays (format JSONCompactEachRow); 64-bit integers and decimals come as text.</summary>
    public static async Task<IReadOnlyList<JsonElement>> RowsAsync(this IWarehouse warehouse, WarehouseQuery query, CancellationToken cancel)
    {
        var settings = new Dictionary<string, string>(query.Settings)
        {
            ["output_format_json_quote_64bit_integers"] = "1",
            ["output_format_json_quote_decimals"] = "1",
            ["output_format_json_escape_forward_slashes"] = "0",
        };
        var bytes = await warehouse.ReadAsync(query with { Format = "JSONCompactEachRow", Settings = settings }, cancel).ConfigureAwait(false);
        var rows = new List<JsonElement>();
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            rows.Add(JsonElement.Parse(line));
        return rows;
    }

    /// <summary>The single value of a query that gives one, as text.</summary>
    public static async Task<string> ValueAsync(this IWarehouse warehouse, WarehouseQuery query, CancellationToken cancel)
    {
        var bytes = await warehouse.ReadAsync(query with { Format = "TabSeparatedRaw" }, cancel).ConfigureAwait(false);
        return Encoding.UTF8.GetString(bytes).TrimEnd('\n');
    }
}
