using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Streaming.Collector;

/// <summary>A whole request body in a rented array; give it back by disposing.</summary>
internal sealed class RequestBody : IDisposable
{
    private byte[] _bytes;

    private RequestBody(byte[] bytes) => _bytes = bytes;

    public int Length { get; private set; }
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Null when the body is longer than <paramref name="bytesMax"/>.</summary>
    /// <exception cref="BadHttpRequestException">The body broke off or was framed wrongly; carries the status.</exception>
    public static async Task<RequestBody?> ReadAsync(IFeatureCollection features, int bytesMax)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        // Counted here, not by the server: it would close the connection on a client that is still writing and so loses the answer.
        // Left alone, it answers and then drains what comes for five seconds.
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        var announced = request.Headers.ContentLength;
        if (announced > bytesMax) return null;
        var body = new RequestBody(ArrayPool<byte>.Shared.Rent((int)Math.Min(announced ?? 4096, bytesMax) + 1));
        try
        {
            if (await body.FillAsync(request.Body, bytesMax).ConfigureAwait(false)) return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
        body.Dispose();
        return null;
    }

    private async Task<bool> FillAsync(Stream source, int bytesMax)
    {
        while (true)
        {
            var read = await source.ReadAsync(_bytes.AsMemory(Length)).ConfigureAwait(false);
            if (read == 0) return true;
            Length += read;
            if (Length > bytesMax) return false;
            if (Length == _bytes.Length) Grow(bytesMax);
        }
    }

    private void Grow(int bytesMax)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(_bytes.Length * 2L, bytesMax + 1L));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    public void Dispose()
    {
        if (_bytes.Length == 0) return;
        // May hold addresses and messages of people.
        _bytes.AsSpan(0, Length).Clear();
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
