using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace ClosedLoop.Streaming.Reports;

/// <summary>The parameters as OpenAPI describes them; <see cref="PathsRequest"/> reads and checks them.</summary>
internal sealed record PathsParameters : ScopeParameters
{
    public const string Text = """
        Each person has one path: the pages (or the channels of the sessions) of all their browsers in the period, in order, immediate repeats folded. A row
        says how many people went from a node to the next one at a step; the rows of a step sum to the people who reached it. (exit) is where a path ends,
        (other) is every node that is not among the most visited of its step, and with an end but no start, steps are counted back from the end and (entry)
        is where a path began. With start and end a path goes from the first start to the first end after it. Filters choose people: those who had such a
        session in the period. totals.visitors are the people of step 1.
        """;

    [FromQuery(Name = "of"), Description("page (default) or channel")] public string? Of { get; init; }
    [FromQuery(Name = "start"), Description("Page or channel where paths begin; * stands for any text")] public string? Start { get; init; }
    [FromQuery(Name = "end"), Description("Page or channel where paths arrive; * stands for any text")] public string? End { get; init; }
    [FromQuery(Name = "steps"), Description("1 to 20, default 5")] public string? Steps { get; init; }
    [FromQuery(Name = "nodes"), Description("Nodes shown per step, 1 to 100, default 10")] public string? Nodes { get; init; }
    [FromQuery(Name = "converted"), Description("true: people with an order or a won deal in the period; false: people without; or lead, mql, sql, customer, order, deal")] public string? Converted { get; init; }
    [FromQuery(Name = "compare"), Description("previous: also the rows of as many days before")] public string? Compare { get; init; }
}
