namespace ClosedLoop.Streaming.Processor;

/// <summary>The account of all hits at one cut of the log, wherever the partitions' owners are.</summary>
public interface IAccounting
{
    /// <exception cref="TimeoutException">No cut was to be had now; asking again later is right.</exception>
    Task<Account> TakeAsync(CancellationToken cancel);
}
