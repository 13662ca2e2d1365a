using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ClosedLoop.Streaming.Integration.Tests.Running;

/// <summary>Questions to the running system's ClickHouse port.</summary>
internal static class WarehouseQueries
{
    /// <summary>Rows of a query, fields as text; waits for a warehouse that is still being opened.</summary>
    public static async Task<string[][]> RowsAsync(this RunningProgram program, string sql)
    {
        var text = await Soon.FindAsync(async () =>
        {
            using var answer = await program.AskAsync(sql + " FORMAT TSVRaw");
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) return null;
            var said = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {said}");
            return said;
        }, () => "the warehouse");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
    }

    /// <summary>The answer as it came; database <c>closedloop</c>.</summary>
    public static async Task<HttpResponseMessage> AskAsync(this RunningProgram program, string sql, string user = "dashboard", string password = RunningProgram.Password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{program.ClickHouseUrl}/?database=closedloop") { Content = new StringContent(sql) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        return await program.Http.SendAsync(request);
    }
}
