namespace ClosedLoop.Streaming.Webhooks;

/// <summary>Makes one attempt. The only place of this room that touches the network.</summary>
public interface IAttemptSender
{
    /// <summary>Never throws: every ending is an <see cref="AttemptResult"/>.</summary>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="keys">The secrets in force, newest first.</param>
    /// <param name="stop">The process is stopping.</param>
    Task<AttemptResult> SendAsync(Uri url, string id, ReadOnlyMemory<byte> body, IReadOnlyList<byte[]> keys, CancellationToken stop);
}
