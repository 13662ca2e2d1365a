using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace ClosedLoop.Streaming.Reports;

/// <summary>The parameters as OpenAPI describes them; <see cref="ChannelsRequest"/> reads and checks them.</summary>
internal sealed record ChannelsParameters : ScopeParameters
{
    public const string Text = """
        Sessions count by their start and channel. Leads, customers and revenue are shares of credit under the model, on the date of the conversion, net of
        refunds; what no touch explains is the row (unattributed). A won deal and an order are two conversions: send one of them for one sale. Costs stand
        in the row whose channel, source or campaign they name, also without a session; ratios without a denominator are null. profit_roi is null where a
        sale's own costs are not known. referrer_lost_share is the share of sessions that began without a referrer. Rows of visitors may sum to more than
        the total, because a person counts in each; everything else sums to the total. With two models the columns of the second have its name at their end:
        revenue_first_touch.
        """;

    [FromQuery(Name = "interval"), Description("day, week (from Monday) or month: a row per interval and name")] public string? Interval { get; init; }
    [FromQuery(Name = "compare"), Description("previous: also the rows of as many days before")] public string? Compare { get; init; }
    [FromQuery(Name = "model"), Description("first_touch, last_touch, last_non_direct (default), linear, position_based, time_decay, markov, shapley; or two, separated by a comma")] public string? Model { get; init; }
    [FromQuery(Name = "by"), Description("channel (default), source, campaign")] public string? By { get; init; }
    [FromQuery(Name = "date"), Description("conversion (default), or acquisition: conversions count on the date of the person's first touch")] public string? Date { get; init; }
    [FromQuery(Name = "as_known_on"), Description("A day: what became known later does not count")] public string? AsKnownOn { get; init; }
}
