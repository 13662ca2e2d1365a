using System.Globalization;

namespace ClosedLoop.Streaming.Settings;

/// <summary>
/// Rates by day, immutable. The file is a CSV with the header <c>date,currency,rate</c>: the day as 2026-11-21, the currency by ISO 4217,
/// and how many units of it one unit of the base currency bought, with a point as in 1.0923 (the form that central banks publish).
/// Empty lines and lines that begin with # are passed over; the order of lines doesn't matter.
/// </summary>
public sealed class RateTable
{
    public const int RowsMax = 2_000_000;
    public const long FileBytesMax = 128L * 1024 * 1024;
    /// <summary>Sentences about one file; further mistakes are only counted.</summary>
    public const int MistakesMax = 20;
    private const decimal RateMin = 0.000001m, RateMax = 1_000_000_000m;

    private readonly string _base;
    private readonly Dictionary<string, SortedList<int, decimal>> _rates;

    private RateTable(string baseCurrency, Dictionary<string, SortedList<int, decimal>> rates) => (_base, _rates) = (baseCurrency, rates);

    public static RateTable Empty { get; } = new("EUR", []);

    public IEnumerable<string> Currencies => _rates.Keys;

    /// <summary>Units of <paramref name="to"/> for one of <paramref name="from"/> on a day; null when either side has no rate that is young enough.</summary>
    /// <param name="day">Days since 1970.</param>
    /// <param name="ageDaysMax">How much older the last known rate may be.</param>
    public decimal? Find(string from, string to, int day, int ageDaysMax) =>
        OfBase(from, day, ageDaysMax) is { } sold && OfBase(to, day, ageDaysMax) is { } bought ? bought / sold : null;

    private decimal? OfBase(string currency, int day, int ageDaysMax)
    {
        if (currency == _base) return 1m;
        if (!_rates.TryGetValue(currency, out var days)) return null;
        var (low, high) = (0, days.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (days.Keys[middle] <= day) low = middle + 1;
            else high = middle;
        }
        return low > 0 && day - days.Keys[low - 1] <= ageDaysMax ? days.Values[low - 1] : null;
    }

    /// <summary>Reads a file; every mistake becomes a sentence with its line. False with at least one.</summary>
    public static bool TryRead(string file, string baseCurrency, out RateTable table, List<string> mistakes)
    {
        table = Empty;
        try
        {
            var info = new FileInfo(file);
            if (!info.Exists) mistakes.Add($"The rates file {file} does not exist; set CLOSEDLOOP_RATES (ClosedLoop:Money:RatesFile) to a CSV of date,currency,rate, or unset it.");
            else if (info.Length > FileBytesMax) mistakes.Add($"The rates file {file} has {info.Length} bytes; allowed are {FileBytesMax}.");
            else return TryParse(File.ReadLines(file), Path.GetFileName(file), baseCurrency, out table, mistakes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"The rates file {file} cannot be read: {e.Message}");
        }
        return false;
    }

    /// <summary>The same for lines that are there already.</summary>
    public static bool TryParse(IEnumerable<string> lines, string name, string baseCurrency, out RateTable table, List<string> mistakes)
    {
        var rates = new Dictionary<string, SortedList<int, decimal>>(StringComparer.Ordinal);
        var (number, rows, wrong, hasHeader) = (0, 0, 0, false);
        foreach (var line in lines)
        {
            number++;
            var text = line.Trim().TrimStart('\uFEFF');
            if (text.Length == 0 || text[0] == '#') continue;
            var mistake = !hasHeader ? Header(text) : ++rows > RowsMax ? $"has more than {RowsMax} rates" : Row(text, baseCurrency, rates);
            hasHeader = true;
            if (mistake is null) continue;
            if (++wrong <= MistakesMax) mistakes.Add($"{name}, line {number}: {mistake}.");
            if (rows > RowsMax || number == 1) break;
        }
        if (!hasHeader) mistakes.Add($"{name} is empty; its first line is date,currency,rate.");
        if (wrong > MistakesMax) mistakes.Add($"{name} has {wrong - MistakesMax} further mistakes.");
        table = new RateTable(baseCurrency, rates);
        return wrong == 0 && hasHeader;
    }

    private static string? Header(string text) =>
        text.Replace(" ", "", StringComparison.Ordinal).Equals("date,currency,rate", StringComparison.OrdinalIgnoreCase) ? null : "the first line must be date,currency,rate";

    private static string? Row(string text, string baseCurrency, Dictionary<string, SortedList<int, decimal>> rates)
    {
        var cells = text.Split(',', StringSplitOptions.TrimEntries);
        if (cells.Length != 3) return $"has {cells.Length} values; there are three, as in 2026-11-21,USD,1.0923";
        if (!DateOnly.TryParseExact(cells[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) || date.Year < 1970)
            return $"the date '{Short(cells[0])}' is no day from 1970 on, as in 2026-11-21";
        var currency = cells[1];
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)) return $"the currency '{Short(currency)}' is not three capital letters, as in USD";
        if (!decimal.TryParse(cells[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) || rate is < RateMin or > RateMax)
            return $"the rate '{Short(cells[2])}' is no number from {RateMin} to {RateMax}, with a point";
        if (currency == baseCurrency && rate != 1) return $"the rate of the base currency {baseCurrency} is 1";
        if (!rates.TryGetValue(currency, out var days)) rates[currency] = days = [];
        var day = date.DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        if (days.TryGetValue(day, out var known) && known != rate) return $"{currency} of {cells[0]} stands there already with the rate {known}";
        days[day] = rate;
        return null;
    }

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
