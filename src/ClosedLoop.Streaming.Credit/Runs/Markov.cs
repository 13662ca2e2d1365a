namespace ClosedLoop.Streaming.Credit;

/// <summary>
/// The Markov chain of order 1 over all paths: how often the next step follows from the present channel. The removal effect of a channel is
/// the part of all conversions that would be lost if everybody who comes to it went away.
/// </summary>
public static class Markov
{
    // The start has row 0: −1 would take it away.
    private const int Nobody = -2;

    /// <summary>Removal effects by channel number, 0 to 1; all 0 where nothing converts.</summary>
    public static double[] RemovalEffects(PathBook book)
    {
        var count = book.Channels.Count;
        var chain = new Chain(count);
        foreach (var path in book.Paths) chain.Add(path);
        var effects = new double[count];
        var whole = chain.Conversion(Nobody);
        if (whole <= 0) return effects;
        for (var channel = 0; channel < count; channel++)
            effects[channel] = Math.Clamp(1 - chain.Conversion(channel) / whole, 0, 1);
        return effects;
    }

    /// <summary>Counts of steps: state 0 is the start, 1 … n the channels, n + 1 the goal; what is left of a row went to nothing.</summary>
    private sealed class Chain(int channels)
    {
        private readonly double[,] _steps = new double[channels + 1, channels + 2];
        private readonly double[] _from = new double[channels + 1];

        public void Add(CountedPath path)
        {
            var all = (double)path.Converting + path.Null;
            var at = 0;
            foreach (var step in path.Steps)
            {
                _steps[at, step + 1] += all;
                _from[at] += all;
                at = step + 1;
            }
            _steps[at, channels + 1] += path.Converting;
            _from[at] += all;
        }

        /// <summary>The probability of getting from the start to the goal; h = P·h + (straight to the goal), by elimination with pivots.</summary>
        public double Conversion(int without)
        {
            var size = channels + 1;
            var a = new double[size, size + 1];
            for (var row = 0; row < size; row++)
            {
                a[row, row] = 1;
                if (row == without + 1 || _from[row] == 0) continue;
                for (var column = 1; column < size; column++)
                    if (column != without + 1) a[row, column] -= _steps[row, column] / _from[row];
                a[row, size] = _steps[row, channels + 1] / _from[row];
            }
            Eliminate(a, size);
            return a[0, size];
        }

        private static void Eliminate(double[,] a, int size)
        {
            for (var pivot = 0; pivot < size; pivot++)
            {
                var best = pivot;
                for (var row = pivot + 1; row < size; row++)
                    if (Math.Abs(a[row, pivot]) > Math.Abs(a[best, pivot])) best = row;
                // Every path ends, so the matrix has full rank; a rounding that says otherwise leaves the row alone.
                if (a[best, pivot] == 0) continue;
                if (best != pivot)
                    for (var column = 0; column <= size; column++) (a[best, column], a[pivot, column]) = (a[pivot, column], a[best, column]);
                var scale = a[pivot, pivot];
                for (var column = pivot; column <= size; column++) a[pivot, column] /= scale;
                for (var row = 0; row < size; row++)
                {
                    if (row == pivot || a[row, pivot] == 0) continue;
                    var factor = a[row, pivot];
                    for (var column = pivot; column <= size; column++) a[row, column] -= factor * a[pivot, column];
                }
            }
        }
    }
}
