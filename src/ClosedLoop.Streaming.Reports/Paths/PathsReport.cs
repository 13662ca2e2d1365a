using System.Globalization;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Reports;

/// <summary>Flows from page to page or from channel to channel (CONTRACT.md §7). Each step's visitors sum to those who reached it.</summary>
public sealed class PathsReport(IWarehouse warehouse, ReportsOptions options, TimeProvider time)
{
    private static readonly ReportColumn[] Columns = [new("step", "integer", "steps"), new("from", "text", ""), new("to", "text", ""), new("visitors", "integer", "people")];

    /// <exception cref="ReportMistake">More rows than <see cref="ReportsOptions.RowsMax"/>.</exception>
    /// <exception cref="WarehouseException">The warehouse gave up: time, memory.</exception>
    public async Task<ReportAnswer> AnswerAsync(PathsRequest request, CancellationToken cancel)
    {
        var query = PathsSql.Of(request, request.Scope.Period, options);
        var now = await RowsAsync(request, query, cancel);
        var before = request.Compare ? await RowsAsync(request, PathsSql.Of(request, request.Scope.Period.Previous, options), cancel) : null;
        return new ReportAnswer(Columns, now, request.Scope.Period, before, query.Sql, time.GetUtcNow())
        {
            Parameters = query.Parameters,
            Notes =
            [
                "Each person has one path: what was seen of all their browsers in the period, in order, immediate repeats folded."
                + (request.Backward ? " Steps are counted back from the first arrival at the end; (entry) is where a path began." : " (exit) is where a path ends."),
            ],
        };
    }

    private async Task<ReportRows> RowsAsync(PathsRequest request, WarehouseQuery query, CancellationToken cancel)
    {
        var rows = new List<object?[]>();
        var total = 0L;
        foreach (var row in await warehouse.RowsAsync(query, cancel))
        {
            var step = long.Parse(row[0].ToString(), CultureInfo.InvariantCulture);
            var visitors = long.Parse(row[3].ToString(), CultureInfo.InvariantCulture);
            var (here, next) = (row[1].GetString(), row[2].GetString());
            rows.Add(request.Backward ? [step, next, here, visitors] : [step, here, next, visitors]);
            if (step == 1) total += visitors;
        }
        if (rows.Count > options.RowsMax) throw new ReportMistake("nodes", $"The answer has more than {options.RowsMax} rows; ask for fewer nodes or steps.");
        return new ReportRows(rows, [null, null, null, total]);
    }
}
