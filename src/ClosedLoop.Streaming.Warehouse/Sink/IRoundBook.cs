namespace ClosedLoop.Streaming.Warehouse.Sink;

/// <summary>Where a round's boundaries are written down before it is sent. It holds the last round only: a new one starts when the one before is complete.</summary>
internal interface IRoundBook
{
    /// <summary>The epoch, and the last round written down; null when there was none.</summary>
    Task<(long Epoch, RoundRecord? Last)> OpenAsync(CancellationToken cancel);

    /// <summary>Durable when the task completes.</summary>
    Task WriteAsync(RoundRecord round);
}
