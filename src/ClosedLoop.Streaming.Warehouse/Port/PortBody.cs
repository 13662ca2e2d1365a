using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Warehouse.Port;

/// <summary>Sends an answer chunk by chunk, packed when asked; with wait_end_of_query the first bytes are held until the end is known, as far as they fit.</summary>
internal sealed class PortBody(HttpContext context, WarehouseAnswer answer, bool gzip, bool waitEnd)
{
    private const int HeldBytesMax = 16 * 1024 * 1024;

    public async Task SendAsync()
    {
        var cancel = context.RequestAborted;
        var response = context.Response;
        using var held = new MemoryStream();
        var ended = false;
        if (waitEnd)
        {
            while (held.Length < HeldBytesMax && !ended)
            {
                // A failure in here is still an exception with a status of its own.
                var chunk = await answer.NextAsync(cancel).ConfigureAwait(false);
                ended = chunk.IsEmpty;
                held.Write(chunk.Span);
            }
        }
        var first = waitEnd ? held.GetBuffer().AsMemory(0, (int)held.Length) : await answer.NextAsync(cancel).ConfigureAwait(false);
        ended |= first.IsEmpty;
        // A short answer is one chunk: a second look gives its full summary for the header.
        var second = ended ? default : await answer.NextAsync(cancel).ConfigureAwait(false);
        ended |= second.IsEmpty;
        response.Headers[PortHeaders.Summary] = Summary(answer.Summary);
        if (gzip) response.Headers.ContentEncoding = "gzip";
        if (ended && !gzip) response.ContentLength = first.Length;

        var body = gzip ? new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true) : response.Body;
        try
        {
            await body.WriteAsync(first, cancel).ConfigureAwait(false);
            for (var chunk = second; !ended && !chunk.IsEmpty; chunk = await answer.NextAsync(cancel).ConfigureAwait(false))
                await body.WriteAsync(chunk, cancel).ConfigureAwait(false);
        }
        catch (WarehouseException failure)
        {
            // The status is gone already: say it in the stream, as a server does, and leave the body unfinished so that nobody takes it for whole.
            await body.WriteAsync(Encoding.UTF8.GetBytes("\n" + failure.Message + "\n"), cancel).ConfigureAwait(false);
            await body.FlushAsync(cancel).ConfigureAwait(false);
            await response.Body.FlushAsync(cancel).ConfigureAwait(false);
            context.Abort();
        }
        finally
        {
            if (gzip) await body.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static string Summary(QuerySummary summary) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"read_rows":"{{summary.RowsRead}}","read_bytes":"{{summary.BytesRead}}","written_rows":"0","written_bytes":"0","total_rows_to_read":"0","result_rows":"{{summary.ResultRows}}","result_bytes":"0","elapsed_ns":"{{summary.Elapsed.Ticks * 100}}"}""");
}
