using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ClosedLoop.Streaming.Warehouse.Server;

/// <summary>The body of a server's answer as it comes. A server that fails half way cuts the body, which is an exception here too.</summary>
internal sealed class ServerAnswer(HttpResponseMessage response, Stream body, Action left) : WarehouseAnswer
{
    private const int ChunkBytes = 64 * 1024;

    private readonly byte[] _chunk = new byte[ChunkBytes];
    private Action? _left = left;
    private readonly long _started = Stopwatch.GetTimestamp();

    public override QuerySummary Summary => SummaryOf(response, Stopwatch.GetElapsedTime(_started));

    public override async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel)
    {
        try
        {
            return _chunk.AsMemory(0, await body.ReadAsync(_chunk, cancel).ConfigureAwait(false));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new WarehouseException(0, "The server's answer broke off half way.", e);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await body.DisposeAsync().ConfigureAwait(false);
        response.Dispose();
        Interlocked.Exchange(ref _left, null)?.Invoke();
    }

    private static QuerySummary SummaryOf(HttpResponseMessage response, TimeSpan elapsed)
    {
        if (!response.Headers.TryGetValues("X-ClickHouse-Summary", out var values)) return new QuerySummary(0, 0, 0, elapsed);
        try
        {
            using var json = JsonDocument.Parse(values.First());
            long Of(string name) => json.RootElement.TryGetProperty(name, out var value)
                && long.TryParse(value.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;
            return new QuerySummary(Of("read_rows"), Of("read_bytes"), Of("result_rows"), elapsed);
        }
        catch (JsonException)
        {
            return new QuerySummary(0, 0, 0, elapsed);
        }
    }
}
