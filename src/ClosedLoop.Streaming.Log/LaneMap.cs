namespace ClosedLoop.Streaming.Log;

/// <summary>One lane per topic and partition, numbered hits first, then facts, then settings; and the key of a chunk in the file.</summary>
internal static class LaneMap
{
    public const int PartitionsMax = 1024;
    private const int OffsetBits = 48;
    private const long OffsetMask = (1L << OffsetBits) - 1;

    public static int Count(int partitions) => 2 * partitions + 1;

    public static int Index(Topic topic, int partition, int partitions)
    {
        var valid = topic switch
        {
            Topic.Hits or Topic.Facts => (uint)partition < (uint)partitions,
            Topic.Settings => partition == 0,
            _ => throw new ArgumentOutOfRangeException(nameof(topic), topic, "Topics are hits, facts, settings."),
        };
        if (!valid) throw new ArgumentOutOfRangeException(nameof(partition), partition, $"{topic} has no such partition.");
        return (int)topic * partitions + partition;
    }

    /// <summary>Topic (3 bits), partition (12), offset (48): a lane's chunks lie side by side, in order, in one integer key.</summary>
    public static long Key(Topic topic, int partition, long offset) =>
        (long)topic << 60 | (long)partition << OffsetBits | offset & OffsetMask;

    public static long Offset(long key) => key & OffsetMask;

    public static long LastKey(Topic topic, int partition) => Key(topic, partition, OffsetMask);
}
