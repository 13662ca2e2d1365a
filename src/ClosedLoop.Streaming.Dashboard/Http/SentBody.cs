using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Reads a body up to a limit.</summary>
internal static class SentBody
{
    /// <summary>Bytes of an over-long body that are still read and thrown away: a client that is writing when the connection closes loses the answer with it.</summary>
    private const int DrainedBytesMax = 1024 * 1024;

    /// <exception cref="ApiException">The body is longer than <paramref name="bytesMax"/>.</exception>
    public static async Task<byte[]> ReadAsync(HttpContext http, int bytesMax)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = bytesMax + DrainedBytesMax;
        var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        var total = 0L;
        if (http.Request.ContentLength > bytesMax + DrainedBytesMax) throw TooLong(bytesMax);
        for (int read; (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0;)
        {
            total += read;
            if (total > bytesMax + DrainedBytesMax) break;
            if (total <= bytesMax) bytes.Write(buffer, 0, read);
        }
        return total <= bytesMax ? bytes.ToArray() : throw TooLong(bytesMax);
    }

    private static ApiException TooLong(int bytesMax) => new(ApiRefusal.TooLarge, $"The body is longer than {bytesMax} bytes.");
}
