namespace ClosedLoop.Streaming.Visitors;

/// <summary>Counts the events of one history in a window that ends now. The old moments come before the recent hits, and both are in order of time.</summary>
internal static class Moments
{
    public static int Count(ReadOnlySpan<OldMoment> old, ReadOnlySpan<Memo> recent, int name, long afterMs, out long oldestMs)
    {
        var count = 0;
        oldestMs = 0;
        // From the newest on: what is before the window is not looked at.
        for (var i = recent.Length - 1; i >= 0; i--)
        {
            var at = recent[i].At;
            if (at <= afterMs) return count;
            if (recent[i].Name == name) (count, oldestMs) = (count + 1, at);
        }
        for (var i = old.Length - 1; i >= 0; i--)
        {
            var at = old[i].At;
            if (at <= afterMs) return count;
            if (old[i].Name == name) (count, oldestMs) = (count + 1, at);
        }
        return count;
    }

    /// <summary>The moment of one of them, by its place from the oldest on.</summary>
    public static long At(ReadOnlySpan<OldMoment> old, ReadOnlySpan<Memo> recent, int name, long afterMs, int place)
    {
        for (var i = FirstAfter(old, afterMs); i < old.Length; i++)
            if (old[i].Name == name && place-- == 0) return old[i].At;
        foreach (ref readonly var memo in recent)
            if (memo.Name == name && memo.At > afterMs && place-- == 0) return memo.At;
        return 0;
    }

    private static int FirstAfter(ReadOnlySpan<OldMoment> old, long afterMs)
    {
        var (low, high) = (0, old.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (old[middle].At <= afterMs) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
