using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace ClosedLoop.Streaming.Collector;

/// <summary>
/// A request line that ends in no HTTP version of ours is malformed, and that is 400. The server answers 505 to it, which its watchers would take
/// for a fault on this side; so the three digits are changed on their way out. Costs one look at the first bytes of each answer.
/// </summary>
internal sealed class MangledVersion(PipeWriter inner) : PipeWriter
{
    private Memory<byte> _open;

    public static ConnectionDelegate Before(ConnectionDelegate next) => connection =>
    {
        connection.Transport = new Sides(connection.Transport.Input, new MangledVersion(connection.Transport.Output));
        return next(connection);
    };

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;
    public override long UnflushedBytes => inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _open = inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (bytes >= 12 && _open.Span.StartsWith("HTTP/1.1 505"u8)) "400"u8.CopyTo(_open.Span[9..]);
        _open = default;
        inner.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(source, cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private sealed record Sides(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
