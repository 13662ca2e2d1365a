using System.Numerics;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// Sizes of entries in units of 16 bytes. Up to 512 bytes every unit is a class; above, 16 classes per doubling, so that at most
/// a sixteenth of a large entry is unused.
/// </summary>
internal static class SizeClasses
{
    public const int UnitBytes = 16;
    public const int Count = 232;
    private const int ExactMax = 32;

    /// <summary>Class of an entry of <paramref name="bytes"/> bytes (1 to about 2 MiB).</summary>
    public static int Of(int bytes)
    {
        var units = (bytes + UnitBytes - 1) / UnitBytes;
        if (units <= ExactMax) return units;
        var power = BitOperations.Log2((uint)(units - 1));
        var step = power - 4;
        var steps = (units + (1 << step) - 1) >> step;
        return ExactMax + ((power - 5) * 16) + steps - 16;
    }

    /// <summary>Units of every entry of a class.</summary>
    public static int Units(int sizeClass)
    {
        if (sizeClass <= ExactMax) return sizeClass;
        var above = sizeClass - ExactMax - 1;
        return ((above % 16) + 17) << ((above / 16) + 1);
    }
}
