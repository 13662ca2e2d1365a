namespace ClosedLoop.Streaming.States;

/// <summary>
/// The live states of one partition in memory: key → encoded state and the time at which it is next due. One writer; readers copy under <see cref="Gate"/>.
/// Keys are site, a zero byte, actor key (at most 300 bytes). States are at most 1 MiB.
/// </summary>
public sealed partial class Shelf
{
    /// <summary>Held by the owner while it works on a batch, and by readers while they copy.</summary>
    public Lock Gate { get; } = new();
}
