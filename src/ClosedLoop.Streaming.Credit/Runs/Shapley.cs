using System.Numerics;

namespace ClosedLoop.Streaming.Credit;

/// <summary>
/// The Shapley value of each channel in the game in which a coalition is worth the conversions of all paths that use its channels only.
/// That game is a sum of one simple game per path, so the value is exact for any number of channels without walking through the coalitions:
/// every path's conversions are shared equally by the channels on it.
/// </summary>
public static class Shapley
{
    /// <summary>Values by channel number, in conversions; they sum to all conversions.</summary>
    public static double[] Values(PathBook book)
    {
        var values = new double[book.Channels.Count];
        foreach (var path in book.Paths)
        {
            var set = path.Set;
            var share = (double)path.Converting / BitOperations.PopCount(set);
            for (var channel = 0; channel < values.Length; channel++)
                if ((set >> channel & 1) != 0) values[channel] += share;
        }
        return values;
    }

    /// <summary>
    /// The variant of some published examples, in which a channel is only asked what it adds to others: the coalition of nobody is left out,
    /// and with it 1/n of what each channel converts alone. It does not sum to all conversions, so the ledger has no use for it.
    /// </summary>
    public static double[] ValuesBesideOthers(PathBook book)
    {
        var values = Values(book);
        foreach (var path in book.Paths)
            if (BitOperations.PopCount(path.Set) == 1) values[BitOperations.TrailingZeroCount(path.Set)] -= (double)path.Converting / values.Length;
        return values;
    }
}
