namespace ClosedLoop.Streaming.Credit;

/// <summary>
/// Turns what channels are worth over all paths into shares of each path, so that every conversion is shared out whole among the channels
/// on its own path, and each channel gets in sum what it is worth as nearly as the paths allow: proportional fitting of rows (kinds of paths)
/// and columns (channels).
/// </summary>
public static class Fitting
{
    public const int RoundsMax = 500;
    private const double Enough = 1e-12;

    /// <param name="book">The paths.</param>
    /// <param name="effects">Worth by channel number, in any unit; not negative.</param>
    /// <returns>By set of channels: shares by channel number that sum to 1.</returns>
    public static IReadOnlyDictionary<ulong, double[]> Shares(PathBook book, IReadOnlyList<double> effects)
    {
        var sets = new SortedDictionary<ulong, double>();
        foreach (var path in book.Paths)
            if (path.Converting > 0) sets[path.Set] = sets.GetValueOrDefault(path.Set) + path.Converting;
        var rows = sets.Select(s => (Set: s.Key, Sum: s.Value, Cells: Begin(s.Key, s.Value, effects))).ToList();
        var worth = effects.Sum();
        for (var round = 0; round < RoundsMax && worth > 0; round++)
        {
            var off = ScaleColumns(rows, effects, book.Converting / worth);
            foreach (var row in rows) Scale(row.Cells, row.Sum);
            if (off < Enough) break;
        }
        foreach (var row in rows) Scale(row.Cells, 1);
        return rows.ToDictionary(r => r.Set, r => r.Cells);
    }

    private static double[] Begin(ulong set, double sum, IReadOnlyList<double> effects)
    {
        var cells = new double[effects.Count];
        var worth = 0d;
        for (var c = 0; c < cells.Length; c++)
            if ((set >> c & 1) != 0) worth += cells[c] = Math.Max(0, effects[c]);
        // Where none of a path's channels is worth anything, they share it equally: somebody brought it.
        if (worth == 0)
            for (var c = 0; c < cells.Length; c++) cells[c] = set >> c & 1;
        Scale(cells, sum);
        return cells;
    }

    /// <returns>The largest relative distance from what a column should be.</returns>
    private static double ScaleColumns(List<(ulong Set, double Sum, double[] Cells)> rows, IReadOnlyList<double> effects, double unit)
    {
        var off = 0d;
        for (var c = 0; c < effects.Count; c++)
        {
            var sum = 0d;
            foreach (var row in rows) sum += row.Cells[c];
            if (sum <= 0 || effects[c] <= 0) continue;
            var factor = effects[c] * unit / sum;
            off = Math.Max(off, Math.Abs(factor - 1));
            foreach (var row in rows) row.Cells[c] *= factor;
        }
        return off;
    }

    private static void Scale(double[] cells, double to)
    {
        var sum = 0d;
        foreach (var cell in cells) sum += cell;
        if (sum <= 0) return;
        for (var c = 0; c < cells.Length; c++) cells[c] *= to / sum;
    }
}
