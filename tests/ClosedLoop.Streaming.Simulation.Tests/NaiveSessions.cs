using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Simulation.Tests;

/// <summary>A session as the oracle sees it.</summary>
internal sealed class NaiveSession
{
    public required long Start { get; init; }
    public required NaiveSource? Source { get; init; }
    public required ulong Key { get; init; }
    public long End { get; set; }
    public int Hits { get; set; } = 1;
    public int PageViews { get; set; }
}

/// <summary>FIELD.md §7 said once more, over the sorted list of everything.</summary>
internal static class NaiveSessions
{
    public static bool IsVisit(Seen e) =>
        e.Name is not ("identify" or "refund" or "stage_changed" or "contacted" or "deal_opened" or "deal_won" or "deal_lost" or "satisfaction_scored")
        && (e.Record.Has(Field.PageUrl) || e.Visitor.Length > 0 && e.Name is "page_view" or "click" or "form_submit");

    /// <param name="sorted">What one browser did, by time.</param>
    public static List<NaiveSession> Of(IEnumerable<Seen> sorted)
    {
        var sessions = new List<NaiveSession>();
        foreach (var e in sorted.Where(e => !e.IsBot && IsVisit(e)))
        {
            var source = NaiveSource.Of(e);
            var last = sessions.Count == 0 ? null : sessions[^1];
            var silence = last is null ? long.MaxValue : e.At - last.End;
            var isNewCampaign = source is { IsCampaign: true } && (last?.Source is null || !last.Source.IsSameCampaign(source));
            var goesOn = NaiveSource.IsPayment(e) ? silence <= 24 * 3_600_000L : silence <= 30 * 60_000L && !isNewCampaign;
            if (!goesOn)
            {
                sessions.Add(new NaiveSession { Start = e.At, Source = source, End = e.At, Key = e.Key, PageViews = e.Name == "page_view" ? 1 : 0 });
                continue;
            }
            last!.End = e.At;
            last.Hits++;
            if (e.Name == "page_view") last.PageViews++;
        }
        return sessions;
    }
}
