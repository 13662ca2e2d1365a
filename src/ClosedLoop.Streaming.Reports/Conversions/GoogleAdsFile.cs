using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.Reports;

/// <summary>
/// The files that Google Ads takes for offline conversions and for their adjustments: a line with the time zone, column names, one line per
/// conversion. Ids of clicks on iOS have columns of their own, which stand only in files that need them.
/// </summary>
internal static partial class GoogleAdsFile
{
    public static byte[] Conversions(ConversionsRequest request, ReportAnswer answer)
    {
        var rows = Rows(answer);
        var others = new[] { "gbraid", "wbraid" }.Where(kind => rows.Any(r => r.Kind == kind)).ToList();
        var text = Head(request, ["Google Click ID", .. others.Select(o => o.ToUpperInvariant()), "Conversion Name", "Conversion Time", "Conversion Value", "Conversion Currency"]);
        foreach (var row in rows)
            Line(text, [row.Kind == "gclid" ? row.Click : "", .. others.Select(o => row.Kind == o ? row.Click : ""), row.Name(request), row.Time, row.IsSale ? Money(row.Revenue) : "", row.IsSale ? row.Currency : ""]);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>RETRACT where everything was given back, RESTATE where a part was; adjustments name their conversion by click, name and time, and Google takes only gclids there.</summary>
    public static byte[] Adjustments(ConversionsRequest request, ReportAnswer answer)
    {
        var text = Head(request, ["Google Click ID", "Conversion Name", "Conversion Time", "Adjustment Time", "Adjustment Type", "Adjusted Value", "Adjusted Value Currency"]);
        foreach (var row in Rows(answer).Where(r => r.Kind == "gclid"))
            Line(text, [row.Click, row.Name(request), row.Time, row.Corrected, row.Revenue > 0 ? "RESTATE" : "RETRACT", row.Revenue > 0 ? Money(row.Revenue) : "", row.Revenue > 0 ? row.Currency : ""]);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // An id is what the network made of letters, digits, - and _; what somebody else wrote into an address is no id, and may be a formula.
    private static List<UploadRow> Rows(ReportAnswer answer) =>
        [.. answer.Now.Rows.Select(r => new UploadRow((string)r[11]!, (string)r[13]!, (string)r[1]!, (string)r[3]!, (decimal)r[4]!, (string)r[5]!, (string)r[20]!)).Where(r => ClickId().IsMatch(r.Click))];

    private static StringBuilder Head(ConversionsRequest request, IEnumerable<string> columns)
    {
        var text = new StringBuilder().Append("Parameters:TimeZone=").Append(request.Scope.Period.Zone.Id).Append("\r\n");
        return text.AppendJoin(',', columns).Append("\r\n");
    }

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(CsvCell.Of)).Append("\r\n");

    private static string Money(decimal value) => value.ToString("0.00##", CultureInfo.InvariantCulture);

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_-]{0,511}$", RegexOptions.CultureInvariant)]
    private static partial Regex ClickId();

    private sealed record UploadRow(string Click, string Kind, string Conversion, string Time, decimal Revenue, string Currency, string Corrected)
    {
        public bool IsSale => Conversion is "order" or "deal";

        public string Name(ConversionsRequest request) => request.Name ?? Conversion;
    }
}
