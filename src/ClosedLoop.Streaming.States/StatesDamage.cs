namespace ClosedLoop.Streaming.States;

/// <summary>Which chunk: named in every message about damage.</summary>
/// <param name="Partition">Partition of hits.</param>
/// <param name="Sequence">Sequence of the chunk.</param>
/// <param name="IsBase">In the base snapshot, not among the live states.</param>
public readonly record struct ChunkPlace(int Partition, long Sequence, bool IsBase = false)
{
    public override string ToString() => $"{(IsBase ? "the base snapshot of " : "")}partition {Partition}, chunk {Sequence}";
}

/// <summary>The bytes of a chunk are not what was written, or never were a chunk.</summary>
public sealed class StateChunkCorruptException(ChunkPlace place, int offset, string what)
    : Exception($"The states of {place} are damaged at byte {offset}: {what}. {StatesDamage.Advice(place.IsBase)}")
{
    public ChunkPlace Place { get; } = place;
    /// <summary>Byte in the chunk at which the damage was noticed.</summary>
    public int Offset { get; } = offset;
}

/// <summary>A position, or the set of chunks that belongs to it, is not what was written.</summary>
public sealed class StatesPositionCorruptException(int partition, string what, bool isBase = false)
    : Exception($"The position of {(isBase ? "the base snapshot" : "the states")} of partition {partition} is damaged: {what}. {StatesDamage.Advice(isBase)}")
{
    public int Partition { get; } = partition;
}

internal static class StatesDamage
{
    public static string Advice(bool isBase) => isBase
        ? "Restore the data folder from a backup."
        : "The states can be rebuilt from the base snapshot and the log: run `closedloop replay`.";
}
