using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Settings;

/// <summary>
/// The rates as they are now. The file is looked at again at most every <see cref="LookAgain"/> while somebody asks, and read again when
/// it changed; a version with mistakes is refused as a whole, and the one before stands.
/// </summary>
public sealed class Rates(MoneyOptions options, TimeProvider time, ILogger<Rates>? logger = null)
{
    public static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    private sealed record Version(RateTable Table, DateTime WrittenUtc, long Bytes);

    private readonly Lock _reading = new();
    private readonly ILogger _logger = logger ?? NullLogger<Rates>.Instance;
    private Version? _version;
    private long _lookedAt;

    /// <summary>No file: only each site's own currency.</summary>
    public static Rates None { get; } = new(new MoneyOptions(), TimeProvider.System);

    public RateTable Current => Look();

    /// <summary>How money of a day becomes the site's; null when there is no rate.</summary>
    /// <param name="day">Days since 1970, in the site's time zone.</param>
    public Exchange? Find(string currency, Site site, int day)
    {
        if (currency == site.Currency) return Exchange.None;
        if (Look().Find(currency, site.Currency, day, options.RateAgeDaysMax) is not { } rate) return null;
        var billionths = decimal.Round(rate * Exchange.One, 0, MidpointRounding.AwayFromZero);
        return billionths is >= 1 and <= 9_000_000_000m * Exchange.One ? new Exchange((long)billionths) : null;
    }

    /// <summary>The same for a moment.</summary>
    public Exchange? Find(string currency, Site site, long unixMs) => Find(currency, site, DayOf(unixMs, site));

    /// <summary>Days since 1970 of a moment in the site's time zone.</summary>
    public static int DayOf(long unixMs, Site site)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(site.TimeZone, out var known) ? known : TimeZoneInfo.Utc;
        return (int)Math.Floor((unixMs + zone.GetUtcOffset(at).TotalMilliseconds) / 86_400_000);
    }

    /// <summary>Why <see cref="Find(string, Site, int)"/> has none, for whoever sent the money.</summary>
    public string Missing(string currency, Site site, int day)
    {
        var date = DateOnly.FromDayNumber(day + new DateOnly(1970, 1, 1).DayNumber).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return options.RatesFile is null
            ? $"The site counts in {site.Currency}, and there is no file of rates: none for {currency} on {date}. Set CLOSEDLOOP_RATES."
            : $"There is no rate from {currency} to {site.Currency} for {date}, nor for the {options.RateAgeDaysMax} days before; add it to the file of rates.";
    }

    private RateTable Look()
    {
        if (options.RatesFile is null) return RateTable.Empty;
        var version = Volatile.Read(ref _version);
        if (version is not null && time.GetElapsedTime(Volatile.Read(ref _lookedAt)) < LookAgain) return version.Table;
        lock (_reading)
        {
            Volatile.Write(ref _lookedAt, time.GetTimestamp());
            var file = new FileInfo(options.RatesFile);
            if (_version is { } known && (!file.Exists || known.WrittenUtc == file.LastWriteTimeUtc && known.Bytes == file.Length)) return known.Table;
            var mistakes = new List<string>();
            var read = RateTable.TryRead(options.RatesFile, options.Base, out var table, mistakes);
            foreach (var mistake in mistakes) RatesLog.NotRead(_logger, mistake);
            _version = new Version(read ? table : _version?.Table ?? RateTable.Empty, file.Exists ? file.LastWriteTimeUtc : default, file.Exists ? file.Length : 0);
            return _version.Table;
        }
    }
}

internal static partial class RatesLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The changed file of rates is not taken, the rates before stand: {Mistake}")]
    public static partial void NotRead(ILogger logger, string mistake);
}
