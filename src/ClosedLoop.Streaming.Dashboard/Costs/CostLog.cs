using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Puts statements of costs into the log, where the owner of each keeps the last one.</summary>
internal sealed class CostLog(ILog log, SettingsStore settings, Rates rates, TimeProvider time)
{
    private const char Separator = '\u001F';

    /// <summary>Durable when the task completes; rows of one key keep their order.</summary>
    /// <exception cref="LogUnavailableException">Not all rows could be made durable; stating them again is harmless.</exception>
    public async Task StateAsync(IEnumerable<CostRow> rows)
    {
        var appended = new HashSet<Task>();
        var writer = new RecordWriter();
        foreach (var row in rows)
        {
            var partition = Write(writer, row);
            appended.Add(log.AppendAsync(Topic.Hits, partition, writer.Written));
        }
        foreach (var group in appended) await group.ConfigureAwait(false);
    }

    /// <summary>States what a stored link costs; nothing when it has no cost, or none can be converted (false).</summary>
    public async Task<bool> StateAsync(Link link)
    {
        // A cost that was taken away is stated as nothing, where there has been one.
        if (link.Cost is null && link.CostDate is null) return true;
        if (RowOf(link, settings.Current) is not { } row) return false;
        await StateAsync([row]).ConfigureAwait(false);
        return true;
    }

    /// <summary>Null when there is no rate for the link's currency on its day.</summary>
    public CostRow? RowOf(Link link, SettingsSnapshot now)
    {
        var cost = link.Cost ?? 0;
        if (!now.Sites.TryGetValue(link.Site, out var site) || !Money.TryFrom(cost, out var original)) return null;
        var day = link.CostDate is { } date && DateOnly.TryParse(date, System.Globalization.CultureInfo.InvariantCulture, out var parsed)
            ? parsed.DayNumber - new DateOnly(1970, 1, 1).DayNumber : Rates.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds(), site);
        var currency = link.CostCurrency ?? site.Currency;
        if (rates.Find(currency, site, day) is not { } exchange || !exchange.TryApply(original, out var amount)) return null;
        return new CostRow(site, day, link.Source ?? "", link.Medium ?? "", link.Campaign ?? "", currency, original, exchange, amount, 0, 0, link.Channel ?? (link.Code is null ? null : "Offline"), link.Slug);
    }

    private int Write(RecordWriter writer, CostRow row)
    {
        var site = Encoding.UTF8.GetBytes(row.Site.Id);
        var name = row.Slug is { } slug ? "link" + Separator + slug : string.Join(Separator, row.Day, row.Source, row.Medium, row.Campaign);
        var key = Encoding.ASCII.GetBytes("c" + Id.OfBytes(Encoding.UTF8.GetBytes(name)));
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var id = Id.OfBytes(Encoding.UTF8.GetBytes(string.Join(Separator, "cost", row.Site.Id, name, row.Original, row.Currency, row.Impressions, row.Clicks, nowMs)));
        writer.Begin(RecordKind.CostGiven, nowMs, id, site, key)
            .Add(Field.Date, row.Day).Add(Field.Source, row.Source).Add(Field.Medium, row.Medium).Add(Field.Campaign, row.Campaign)
            .Add(Field.LinkChannel, row.Channel).Add(Field.LinkSlug, row.Slug)
            .Add(Field.Amount, row.Amount).Add(Field.Currency, row.Site.Currency);
        if (row.Currency != row.Site.Currency)
            writer.Add(Field.OriginalAmount, row.Original).Add(Field.OriginalCurrency, row.Currency).Add(Field.Rate, row.Exchange.Billionths);
        writer.Add(Field.Impressions, row.Impressions).Add(Field.Clicks, row.Clicks);
        return Partitioning.Of(site, key, log.Partitions);
    }
}
