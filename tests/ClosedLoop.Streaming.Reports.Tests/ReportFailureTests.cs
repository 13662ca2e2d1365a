namespace ClosedLoop.Streaming.Reports.Tests;

public class ReportFailureTests
{
    [Theory]
    [InlineData(159, 504, "report_too_slow")]
    [InlineData(241, 422, "report_too_large")]
    [InlineData(396, 422, "report_too_large")]
    [InlineData(394, 503, "report_cancelled")]
    [InlineData(62, 500, "report_failed")]
    public void What_the_warehouse_gives_up_on_has_a_name_and_a_status(int code, int status, string name)
    {
        var failure = ReportFailure.Of(new Warehouse.WarehouseException(code, "Code"), new ReportsOptions());
        Assert.Equal((status, name), (failure.Status, failure.Code));
    }
}
