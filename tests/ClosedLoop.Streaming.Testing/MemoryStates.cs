namespace ClosedLoop.Streaming.Testing;

/// <summary>What survives a crash of <see cref="MemoryJournal"/>: the durable side of all partitions.</summary>
public sealed class MemoryStates
{
    private readonly Dictionary<int, MemoryPartition> _partitions = [];

    internal Lock Gate { get; } = new();

    internal MemoryPartition Of(int partition)
    {
        if (!_partitions.TryGetValue(partition, out var found)) _partitions[partition] = found = new MemoryPartition();
        return found;
    }

    /// <summary>The durable states of a partition by key as text, sorted: to compare two runs with each other.</summary>
    public IReadOnlyList<(string Key, byte[] State, uint Due)> States(int partition)
    {
        lock (Gate) return [.. Of(partition).States.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (s.Key, s.Value.State, s.Value.Due))];
    }
}

internal sealed class MemoryPartition
{
    public long Epoch { get; set; }
    public long Absorbed { get; set; }
    public byte[] Counters { get; set; } = [];
    public Dictionary<string, (byte[] State, uint Due)> States { get; set; } = [];
    /// <summary>Saved, not yet known to be published: partition and records.</summary>
    public List<(bool IsFact, int Partition, byte[] Record)> Unpublished { get; } = [];
}
