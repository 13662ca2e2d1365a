namespace ClosedLoop.Streaming.Credit;

/// <summary>The touches that may share one conversion: those inside the lookback, and the person's very first.</summary>
internal readonly ref struct Path
{
    private Path(ReadOnlySpan<Touch> all, int from, int to)
    {
        All = all;
        From = from;
        To = to;
    }

    /// <summary>All touches that were handed in, by (time, id).</summary>
    public ReadOnlySpan<Touch> All { get; }

    /// <summary>First index inside the lookback, and the one behind the last touch that is not after the conversion.</summary>
    public int From { get; }

    public int To { get; }

    /// <summary>The first touch of all history; −1 without any.</summary>
    public int First => To == 0 ? -1 : 0;

    public int Last => To > From ? To - 1 : -1;

    public static Path Of(ReadOnlySpan<Touch> touches, long conversionMs, long lookbackMs)
    {
        var from = 0;
        var to = 0;
        for (var i = 0; i < touches.Length; i++)
        {
            if (i > 0 && (touches[i].TimeMs, touches[i].Id).CompareTo((touches[i - 1].TimeMs, touches[i - 1].Id)) < 0)
                throw new ArgumentException($"touch {i} is before touch {i - 1}: touches come sorted by time, then id", nameof(touches));
            if (touches[i].TimeMs > conversionMs) continue;
            to = i + 1;
            if (touches[i].TimeMs < conversionMs - lookbackMs) from = i + 1;
        }
        return new Path(touches, from, to);
    }

    /// <summary>Direct credits only where nothing else is in the lookback, as web analysts expect of this model.</summary>
    public int LastNonDirect()
    {
        for (var i = To - 1; i >= From; i--)
            if (!All[i].Direct) return i;
        return Last;
    }

    /// <summary>Length of the path, optionally led by a first touch that is older than the lookback.</summary>
    public int Count(bool withFirst) => To - From + (Led(withFirst) ? 1 : 0);

    /// <summary>Index among all touches of the path's n-th.</summary>
    public int At(int n, bool withFirst) => !Led(withFirst) ? From + n : n == 0 ? 0 : From + n - 1;

    private bool Led(bool withFirst) => withFirst && From > 0 && To > 0;
}
