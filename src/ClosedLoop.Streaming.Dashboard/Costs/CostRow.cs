using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>What a campaign cost on a day, checked and converted.</summary>
/// <param name="Day">Days since 1970, in the site's time zone.</param>
/// <param name="Original">Money (1/10,000) as stated, in <paramref name="Currency"/>.</param>
/// <param name="Amount">Money in the site's currency.</param>
/// <param name="Channel">Channel of a stored link of that campaign; null: the rules find it.</param>
/// <param name="Slug">The stored link whose own cost this is; null: stated by itself.</param>
internal sealed record CostRow(
    Site Site, int Day, string Source, string Medium, string Campaign, string Currency, long Original, Exchange Exchange, long Amount,
    long Impressions, long Clicks, string? Channel, string? Slug = null);

/// <summary>Why a row is refused; <paramref name="Field"/> is null when it is about the row as a whole.</summary>
internal sealed record RefusedRow(int Index, string? Field, string Reason, string Detail);

/// <summary>The answer of a bulk statement: good rows are taken beside bad ones.</summary>
internal sealed record CostsTaken(int Accepted, IReadOnlyList<RefusedRow> Refused);

/// <summary>A row as it stands, for reading back. <c>amount</c> is in the site's currency, <c>original_amount</c> as stated.</summary>
internal sealed record CostView(
    string Site, string Date, string Source, string Medium, string Campaign, string? Link, string Channel, decimal Amount, string Currency,
    decimal OriginalAmount, string OriginalCurrency, decimal Rate, long Impressions, long Clicks);

/// <summary>A page of rows; <c>next</c> is the offset of the next page, null at the end.</summary>
internal sealed record CostsPage(IReadOnlyList<CostView> Costs, long? Next);

/// <summary>What a row may say. <c>site</c> may be left out where there is just one.</summary>
internal sealed record CostBody
{
    public string? Site { get; init; }
    public string? Date { get; init; }
    public string? Source { get; init; }
    public string? Medium { get; init; }
    public string? Campaign { get; init; }
    public decimal? Amount { get; init; }
    public string? Currency { get; init; }
    public long? Impressions { get; init; }
    public long? Clicks { get; init; }
}
