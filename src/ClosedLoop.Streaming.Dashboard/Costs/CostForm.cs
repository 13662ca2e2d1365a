using System.Globalization;
using System.Text.Json;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Checks one row of costs; the first mistake is named with its field.</summary>
internal sealed class CostForm(SettingsSnapshot settings, Rates rates, DateOnly today)
{
    public const int TextCharactersMax = LinkForm.TextCharactersMax;
    /// <summary>Days that a planned cost may lie ahead.</summary>
    public const int AheadDaysMax = 366;
    public const long CountMax = 1_000_000_000_000_000;

    private static readonly string[] Fields = ["site", "date", "source", "medium", "campaign", "amount", "currency", "impressions", "clicks"];

    private sealed class Mistake(string? field, string reason, string detail) : Exception(detail)
    {
        public string? Field { get; } = field;
        public string Reason { get; } = reason;
    }

    /// <returns>The row, or why it is refused.</returns>
    public (CostRow? Row, RefusedRow? Refused) Read(JsonElement row, int index)
    {
        try { return (Checked(row), null); }
        catch (Mistake e) { return (null, new RefusedRow(index, e.Field, e.Reason, e.Message)); }
        catch (InvalidOperationException) { return (null, new RefusedRow(index, null, "bad_text", "A text holds half of a surrogate pair.")); }
    }

    private CostRow Checked(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object) throw new Mistake(null, "not_a_row", $"A row is an object with {string.Join(", ", Fields)}.");
        JsonText.ReadAll(row);
        foreach (var property in row.EnumerateObject())
            if (!Fields.Contains(property.Name)) throw new Mistake(JsonText.Short(property.Name), "unknown_field", $"There is no such field; allowed are {string.Join(", ", Fields)}.");
        var site = SiteOf(row);
        var day = Day(row);
        var (source, medium, campaign) = (Text(row, "source"), Text(row, "medium"), Text(row, "campaign"));
        if (source.Length + medium.Length + campaign.Length == 0) throw new Mistake("source", "field_missing", "A cost needs a source, a medium or a campaign.");
        var original = Amount(row);
        var currency = Currency(row, site);
        if (rates.Find(currency, site, day) is not { } exchange) throw new Mistake("currency", "currency_without_rate", rates.Missing(currency, site, day));
        if (!exchange.TryApply(original, out var amount)) throw new Mistake("amount", "bad_money", $"amount is over {Money.Max:0} {site.Currency} at the rate of the day.");
        var channel = settings.Links.Values.Where(l => l.Channel is not null && l.Site == site.Id && (l.Source ?? "") == source && (l.Medium ?? "") == medium && (l.Campaign ?? "") == campaign)
            .OrderBy(l => l.Slug, StringComparer.Ordinal).FirstOrDefault()?.Channel;
        return new CostRow(site, day, source, medium, campaign, currency, original, exchange, amount, Count(row, "impressions"), Count(row, "clicks"), channel);
    }

    private Site SiteOf(JsonElement row)
    {
        if (!Has(row, "site", out var value)) return settings.Sites.Count == 1 ? settings.Sites.Values.First() : throw new Mistake("site", "field_missing", $"site is needed, because there are {settings.Sites.Count} sites.");
        return value.ValueKind == JsonValueKind.String && settings.SitesByName.TryGetValue(value.GetString()!, out var site) ? site
            : throw new Mistake("site", "unknown_site", "site names no site.");
    }

    private int Day(JsonElement row)
    {
        if (!Has(row, "date", out var value)) throw new Mistake("date", "field_missing", "A cost needs its date, as in 2026-11-21.");
        if (value.ValueKind != JsonValueKind.String || !DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) || date.Year < 1970)
            throw new Mistake("date", "bad_date", "date is a day from 1970 on, as in 2026-11-21.");
        if (date.DayNumber > today.DayNumber + AheadDaysMax) throw new Mistake("date", "date_ahead", $"date is more than {AheadDaysMax} days ahead.");
        return date.DayNumber - new DateOnly(1970, 1, 1).DayNumber;
    }

    private static string Text(JsonElement row, string field)
    {
        if (!Has(row, field, out var value)) return "";
        if (value.ValueKind != JsonValueKind.String) throw new Mistake(field, "bad_field", $"{field} is text.");
        var text = value.GetString()!.Trim();
        if (text.Length > TextCharactersMax || text.Any(char.IsControl)) throw new Mistake(field, "bad_field", $"{field} has at most {TextCharactersMax} characters and no control characters.");
        return text;
    }

    private static long Amount(JsonElement row)
    {
        if (!Has(row, "amount", out var value)) throw new Mistake("amount", "field_missing", "A cost needs its amount.");
        return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var amount) && amount >= 0 && Money.TryFrom(amount, out var money) ? money
            : throw new Mistake("amount", "bad_money", $"amount is a number from 0 to {Money.Max:0}.");
    }

    private static string Currency(JsonElement row, Site site)
    {
        if (!Has(row, "currency", out var value)) return site.Currency;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: 3 } text && text.All(char.IsAsciiLetterUpper) ? text
            : throw new Mistake("currency", "bad_currency", "currency is three capital letters, as in EUR.");
    }

    private static long Count(JsonElement row, string field)
    {
        if (!Has(row, field, out var value)) return 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count is >= 0 and <= CountMax ? count
            : throw new Mistake(field, "bad_number", $"{field} is a whole number from 0 to {CountMax}.");
    }

    private static bool Has(JsonElement row, string field, out JsonElement value) =>
        row.TryGetProperty(field, out value) && value.ValueKind != JsonValueKind.Null;
}
