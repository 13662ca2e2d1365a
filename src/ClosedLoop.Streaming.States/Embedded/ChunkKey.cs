namespace ClosedLoop.Streaming.States;

/// <summary>
/// Key of a chunk's row: partition (15 bits), generation (8), sequence (40). A generation is one whole copy of a partition's states;
/// rows of generations that nothing points to are garbage and are deleted step by step.
/// </summary>
internal static class ChunkKey
{
    public const int GenerationMax = 255;
    public const long SequenceMax = (1L << 40) - 1;
    public const int PartitionMax = (1 << 15) - 1;

    public static long Of(int partition, int generation, long sequence) => ((long)partition << 48) | ((long)generation << 40) | sequence;

    public static long Sequence(long key) => key & SequenceMax;

    public static int Generation(long key) => (int)(key >> 40) & GenerationMax;
}
