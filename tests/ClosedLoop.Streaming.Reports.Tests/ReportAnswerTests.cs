using System.Text;
using System.Text.Json;

namespace ClosedLoop.Streaming.Reports.Tests;

public class ReportAnswerTests
{
    private static ReportAnswer Answer(bool compare, params object?[][] rows)
    {
        var zone = TimeZoneInfo.Utc;
        var period = new ReportPeriod(new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 2), zone);
        ReportColumn[] columns = [new("channel", "text", ""), new("visitors", "integer", "people"), new("revenue", "money", "EUR"), new("cac", "money", "EUR")];
        var now = new ReportRows(rows, ["", 3L, 12.5m, null]);
        return new ReportAnswer(columns, now, period, compare ? now : null, "SELECT 1", DateTimeOffset.UnixEpoch);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+49 30", "'+49 30")]
    [InlineData("-2", "'-2")]
    [InlineData("@x", "'@x")]
    [InlineData("\tx", "'\tx")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("plain", "plain")]
    public void Cells_are_no_formulas(string name, string cell)
    {
        var csv = Encoding.UTF8.GetString(Answer(false, [name, 1L, 2.50m, null]).Csv());
        Assert.Equal($"channel,visitors,revenue,cac\r\n{cell},1,2.50,\r\n", csv);
    }

    [Fact]
    public void Json_has_the_parts_of_the_contract()
    {
        var json = JsonElement.Parse(Encoding.UTF8.GetString(Answer(true, ["Direct", 3L, 12.5m, null]).Json()));
        Assert.Equal("money", json.GetProperty("columns")[2].GetProperty("type").GetString());
        Assert.Equal(12.5m, json.GetProperty("rows")[0][2].GetDecimal());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("rows")[0][3].ValueKind);
        Assert.Equal(3, json.GetProperty("totals").GetProperty("visitors").GetInt64());
        Assert.False(json.GetProperty("totals").TryGetProperty("channel", out _));
        Assert.Equal("2026-10-30", json.GetProperty("previous").GetProperty("from").GetString());
        Assert.Equal("SELECT 1", json.GetProperty("sql").GetString());
    }

    [Fact]
    public void A_comparison_in_csv_says_which_period_a_line_belongs_to() =>
        Assert.Equal("period,channel,visitors,revenue,cac\r\ncurrent,Direct,3,12.5,\r\nprevious,Direct,3,12.5,\r\n",
            Encoding.UTF8.GetString(Answer(true, ["Direct", 3L, 12.5m, null]).Csv()));
}
