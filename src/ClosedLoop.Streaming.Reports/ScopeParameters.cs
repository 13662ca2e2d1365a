using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace ClosedLoop.Streaming.Reports;

/// <summary>The parameters of every report as OpenAPI describes them; <see cref="ReportScope"/> reads and checks them.</summary>
internal record ScopeParameters
{
    [FromQuery(Name = "site"), Description("Id or alias; may be left out when there is one site")] public string? Site { get; init; }
    [FromQuery(Name = "from"), Description("First day, 2026-11-01; default 29 days before 'to'")] public string? From { get; init; }
    [FromQuery(Name = "to"), Description("Last day, inclusive; default today")] public string? To { get; init; }
    [FromQuery(Name = "timezone"), Description("IANA name; default the site's")] public string? Timezone { get; init; }
    [FromQuery(Name = "format"), Description("csv instead of JSON; Accept: text/csv does the same")] public string? Format { get; init; }
    [FromQuery(Name = "channel"), Description("Only this channel")] public string? Channel { get; init; }
    [FromQuery(Name = "source"), Description("Only this source")] public string? Source { get; init; }
    [FromQuery(Name = "campaign"), Description("Only this campaign")] public string? Campaign { get; init; }
    [FromQuery(Name = "segment"), Description("Only people who are in this segment now")] public string? Segment { get; init; }
    [FromQuery(Name = "device"), Description("Only sessions with this class of device, and conversions of their people")] public string? Device { get; init; }
    [FromQuery(Name = "country"), Description("Only sessions from this country, and conversions of their people")] public string? Country { get; init; }
}
