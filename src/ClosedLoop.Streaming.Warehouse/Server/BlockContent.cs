using System.IO.Compression;
using System.Net;

namespace ClosedLoop.Streaming.Warehouse.Server;

/// <summary>A block as a request body, written piece by piece, packed on the way.</summary>
internal sealed class BlockContent : HttpContent
{
    private readonly NativeBlock _block;

    public BlockContent(NativeBlock block)
    {
        _block = block;
        Headers.ContentEncoding.Add("gzip");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await using var packed = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        foreach (var piece in _block.Pieces) await packed.WriteAsync(piece).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
