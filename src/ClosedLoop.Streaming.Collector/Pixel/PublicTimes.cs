using System.Buffers.Text;

namespace ClosedLoop.Streaming.Collector;

/// <summary>When a hit without a key happened (FIELD.md §1, CONTRACT.md §2); unix ms.</summary>
/// <param name="OccurredMs">The derived time, or the collector's.</param>
/// <param name="Replaced">A time was given and could not be believed.</param>
internal readonly record struct PublicTimes(long OccurredMs, long CreatedMs, long SentMs, bool Replaced)
{
    /// <summary>
    /// A true time stands for itself; otherwise the device's clock is corrected by the collector's: now − (sent − created).
    /// Older than <paramref name="pastMs"/> or further ahead than <paramref name="aheadMs"/>: the collector's time, marked.
    /// </summary>
    public static PublicTimes Read(ReadOnlySpan<byte> created, ReadOnlySpan<byte> sent, ReadOnlySpan<byte> trueTime, long nowMs, long pastMs, long aheadMs)
    {
        if (created.IsEmpty && sent.IsEmpty && trueTime.IsEmpty) return new(nowMs, 0, 0, false);
        var broken = !Parse(created, out var createdMs) | !Parse(sent, out var sentMs) | !Parse(trueTime, out var trueMs);
        var occurred = trueMs != 0 ? trueMs : createdMs != 0 && sentMs != 0 ? nowMs - (sentMs - createdMs) : nowMs;
        var unbelievable = occurred < nowMs - pastMs || occurred > nowMs + aheadMs;
        return new(unbelievable ? nowMs : occurred, createdMs, sentMs, broken || unbelievable);
    }

    /// <summary>Absent is 0 and fine. Bounded to 14 digits (year 5138), so that no difference overflows.</summary>
    private static bool Parse(ReadOnlySpan<byte> text, out long ms)
    {
        ms = 0;
        if (text.IsEmpty) return true;
        if (text.Length <= 14 && Utf8Parser.TryParse(text, out ms, out var read) && read == text.Length && ms > 0) return true;
        ms = 0;
        return false;
    }
}
