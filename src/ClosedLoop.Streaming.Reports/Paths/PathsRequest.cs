using System.Text;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Reports;

/// <summary>The parameters of <c>/v1/reports/paths</c>, understood and checked (CONTRACT.md §7).</summary>
public sealed record PathsRequest
{
    /// <summary>Steps of one answer.</summary>
    public const int StepsMax = 20;

    /// <summary>Names shown at one step; the rest is <c>(other)</c>.</summary>
    public const int NodesMax = 100;

    private static readonly string[] Own = ["of", "start", "end", "steps", "nodes", "converted", "compare"];
    private static readonly string[] Kinds = ["lead", "mql", "sql", "customer", "order", "deal"];

    public required ReportScope Scope { get; init; }
    /// <summary>page, channel.</summary>
    public string Of { get; init; } = "page";
    /// <summary>Where paths begin, a pattern in which * stands for any text; null: with the first step of the period.</summary>
    public string? Start { get; init; }
    /// <summary>Where paths arrive; without a start, steps are counted back from there.</summary>
    public string? End { get; init; }
    public int Steps { get; init; } = 5;
    public int Nodes { get; init; } = 10;
    /// <summary>true, false, or a kind of conversion; null: everybody.</summary>
    public string? Converted { get; init; }
    public bool Compare { get; init; }

    /// <summary>Steps are counted back from the end.</summary>
    public bool Backward => End is not null && Start is null;

    /// <exception cref="ReportMistake">A parameter is unknown, given twice, or out of its range.</exception>
    public static PathsRequest Read(IQueryCollection query, SettingsSnapshot settings, DateTimeOffset now, ReportsOptions options)
    {
        var parameters = new ReportParameters(query, [.. ReportScope.Known, .. Own]);
        _ = parameters.Choice("format", null, "json", "csv");
        return new PathsRequest
        {
            Scope = ReportScope.Read(parameters, settings, now, options),
            Of = parameters.Choice("of", "page", "page", "channel")!,
            Start = parameters.Text("start"),
            End = parameters.Text("end"),
            Steps = parameters.Whole("steps", 5, 1, StepsMax, "steps"),
            Nodes = parameters.Whole("nodes", 10, 1, NodesMax, "nodes per step"),
            Converted = parameters.Choice("converted", null, ["true", "false", .. Kinds]),
            Compare = parameters.Choice("compare", null, "previous") is not null,
        };
    }

    /// <summary>A pattern as the engine's LIKE reads it: only * means anything else than itself.</summary>
    internal static string Like(string pattern)
    {
        var like = new StringBuilder(pattern.Length + 8);
        foreach (var c in pattern)
        {
            if (c is '%' or '_' or '\\') like.Append('\\');
            like.Append(c == '*' ? '%' : c);
        }
        return like.ToString();
    }
}
