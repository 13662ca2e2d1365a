namespace ClosedLoop.Streaming.States;

/// <summary>One state as it stands in the shelf. The spans are valid until the next change of the shelf.</summary>
/// <param name="key">Site, a zero byte, actor key.</param>
/// <param name="state">Encoded state.</param>
/// <param name="dueSeconds">Unix seconds; 0: never.</param>
/// <param name="chunk">Low 32 bits of the sequence of the chunk that holds the newest copy.</param>
/// <param name="slot">Number for paging.</param>
public readonly ref struct ShelfItem(ReadOnlySpan<byte> key, ReadOnlySpan<byte> state, uint dueSeconds, uint chunk, int slot)
{
    public ReadOnlySpan<byte> Key { get; } = key;
    public ReadOnlySpan<byte> State { get; } = state;
    public uint DueSeconds { get; } = dueSeconds;
    public uint Chunk { get; } = chunk;
    public int Slot { get; } = slot;
}
