using System.Globalization;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Reports;

/// <summary>
/// The SQL of the report <c>paths</c>. Each person has one path: everything seen of all their browsers in the period, in order, immediate
/// repeats folded. A path is an array of numbers (44 bits of the moment, 48 of the place in the log, 36 of the name), so that millions of
/// views sort as numbers.
/// </summary>
public static class PathsSql
{
    /// <summary>Names that can be told apart; of what is rarer than these only that it was something else is known.</summary>
    public const int NamesMax = 50_000;

    // Codes of names: 1 … NamesMax; above RareFrom a hash of a name that is too rare. Two low bits beside the code: start, end.
    private const int RareFrom = 65_536;

    public static WarehouseQuery Of(PathsRequest request, ReportPeriod period, ReportsOptions options)
    {
        var parameters = new Dictionary<string, string>(period.Parameters) { ["site"] = request.Scope.Site.Id };
        if (request.Start is { } start) parameters["start"] = PathsRequest.Like(start);
        if (request.End is { } end) parameters["end"] = PathsRequest.Like(end);
        if (Kind(request) is not null) parameters["kind"] = request.Converted!;
        parameters["steps"] = request.Steps.ToString(CultureInfo.InvariantCulture);
        parameters["nodes"] = request.Nodes.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in request.Scope.Where) parameters["f_" + name] = value;
        return new WarehouseQuery(Text(request, options.RowsMax + 1)) { Parameters = parameters, Limits = options.Limits(options.RowsMax + 1) };
    }

    private static string Text(PathsRequest request, int limit) => $$"""
        WITH
        {{SqlPieces.Links(asKnown: false)}},
        {{PathsTables.Seen(request)}},
        (SELECT arraySort(groupArray(node)) FROM (SELECT node FROM seen GROUP BY node ORDER BY count() DESC, node LIMIT {{NamesMax}})) AS names,
        walks AS
        (
            SELECT if(l.lead_id != '', l.lead_id, v.actor) AS person,
                arrayCompact(arrayMap(s -> toUInt64(bitAnd(s, 0xFFFFFFFFF)), arraySort(groupArrayArray(v.steps)))) AS path
            FROM
            (
                SELECT actor, groupArray(bitShiftLeft(toUInt128(at), 84) + bitShiftLeft(toUInt128(tie), 36) + {{Code(request)}}) AS steps
                FROM seen
                GROUP BY actor
            ) AS v
            LEFT ANY JOIN links AS l ON v.actor = l.visitor_id
            GROUP BY person{{PathsTables.Having(request)}}
        ),
        flows AS
        (
            SELECT step, nodes[step] AS a, if(step < length(nodes), nodes[step + 1], 0) AS b, count() AS n
            FROM (SELECT arrayMap(code -> intDiv(code, 4), {{Cut(request)}}) AS nodes FROM walks)
            ARRAY JOIN arrayEnumerate(arraySlice(nodes, 1, {steps:UInt8})) AS step
            GROUP BY step, a, b
        ),
        ranked AS
        (
            SELECT step, a, b, n,
                dense_rank() OVER (PARTITION BY step ORDER BY a >= {{RareFrom}}, a_total DESC, a) AS a_rank,
                dense_rank() OVER (PARTITION BY step ORDER BY b = 0, b >= {{RareFrom}}, b_total DESC, b) AS b_rank
            FROM (SELECT *, sum(n) OVER (PARTITION BY step, a) AS a_total, sum(n) OVER (PARTITION BY step, b) AS b_total FROM flows)
        )
        SELECT step,
            if(a >= {{RareFrom}} OR a_rank > {nodes:UInt8}, '(other)', names[a]) AS here,
            multiIf(b = 0, '{{(request.Backward ? "(entry)" : "(exit)")}}', b >= {{RareFrom}} OR b_rank > {nodes:UInt8}, '(other)', names[b]) AS next,
            sum(n) AS visitors
        FROM ranked
        GROUP BY step, here, next
        ORDER BY step, visitors DESC, here, next
        LIMIT {{limit.ToString(CultureInfo.InvariantCulture)}}
        """;

    internal static string? Kind(PathsRequest request) => request.Converted is null or "true" or "false" ? null : request.Converted;

    private static string Code(PathsRequest request)
    {
        var code = $"4 * transform(node, names, arrayEnumerate(names), {RareFrom} + cityHash64(node) % 0x100000000)";
        if (request.Start is not null) code += " + (node LIKE {start:String})";
        if (request.End is not null) code += " + 2 * (node LIKE {end:String})";
        return code;
    }

    // The part of the path that is asked for, one step longer than shown, so that the last step has somewhere to go.
    private static string Cut(PathsRequest request) => (request.Start, request.End) switch
    {
        (null, null) => "arraySlice(path, 1, {steps:UInt8} + 1)",
        (_, null) => "if(arrayExists(c -> bitTest(c, 0), path), arraySlice(path, arrayFirstIndex(c -> bitTest(c, 0), path), {steps:UInt8} + 1), [])",
        (null, _) => "arraySlice(arrayReverse(arraySlice(path, 1, arrayFirstIndex(c -> bitTest(c, 1), path))), 1, {steps:UInt8} + 1)",
        _ => "arraySlice(arraySlice(arraySlice(path, arrayFirstIndex(c -> bitTest(c, 0), path) AS first), 1, "
            + "if(first = 0, 0, arrayFirstIndex(c -> bitTest(c, 1), arraySlice(path, first)))), 1, {steps:UInt8} + 1)",
    };
}
