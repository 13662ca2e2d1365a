using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace ClosedLoop.Streaming.Reports;

/// <summary>The parameters as OpenAPI describes them; <see cref="ConversionsRequest"/> reads and checks them.</summary>
internal sealed record ConversionsParameters : ScopeParameters
{
    public const string Text = """
        Conversions of the period as they stand now, each with its person's last ad click before it (at most 90 days). format=generic is a CSV of everything;
        format=google_ads is the file that Google Ads takes for offline conversions: only those with a Google click, net of refunds, none that was given back
        whole; format=google_ads_adjustments is the file that corrects uploaded ones: RESTATE after a partial refund, RETRACT after a full one. Without a
        format the answer is JSON. The filters channel, source and campaign are those of the click.
        """;

    [FromQuery(Name = "kind"), Description("lead, mql, sql, customer, order, deal, or several separated by commas; default all, for Google order,deal")] public string? Kind { get; init; }
    [FromQuery(Name = "name"), Description("Name of the conversion action in the ad account; default the kind")] public string? Name { get; init; }
}
