using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.Processor;

/// <summary>One live state by its key, from wherever this process can read it: its own shelves, or the store that all processors share.</summary>
public interface IStateReader
{
    /// <summary>Partitions of hits; a key's partition is computed with it.</summary>
    int Partitions { get; }

    /// <summary>Null while states can be read; otherwise why not, in a sentence for whoever asks.</summary>
    string? Unavailable { get; }

    /// <summary>A copy of the state; null when there is none.</summary>
    /// <param name="shelfKey">Site, zero, actor key: <see cref="ActorKey.OnShelf"/>.</param>
    byte[]? Read(int partition, ReadOnlySpan<byte> shelfKey);
}

/// <summary>The shelves of this process, which has all partitions.</summary>
public sealed class ShelfReader(ProcessorService processor) : IStateReader
{
    public int Partitions => processor.Owners.Count;

    public string? Unavailable => processor.IsReady ? null : "The states are still being loaded. Try again in a moment.";

    public byte[]? Read(int partition, ReadOnlySpan<byte> shelfKey)
    {
        var shelf = processor.Owners[partition].Shelf;
        lock (shelf.Gate) return shelf.TryGet(shelfKey, out ReadOnlySpan<byte> state) ? state.ToArray() : null;
    }
}

/// <summary>A process that has no processor and shares no store with one.</summary>
public sealed class NoStates(ILog log) : IStateReader
{
    public int Partitions => log.Partitions;

    public string Unavailable => "This process has no live states: it runs without the role processor, and no CLOSEDLOOP_REDIS says where the states are.";

    public byte[]? Read(int partition, ReadOnlySpan<byte> shelfKey) => null;
}
