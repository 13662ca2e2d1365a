using ClosedLoop.Streaming.Warehouse.Port;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>The corpus of what must not get through the port: every row is sent to a running port and must be refused.</summary>
public sealed class InjectionTests(PortFixture port, Chdb chdb) : IClassFixture<PortFixture>
{
    [Fact]
    public async Task Nothing_of_the_corpus_gets_through()
    {
        var rows = InjectionCorpus.Queries.ToList();
        Assert.True(rows.Count >= 500, $"{rows.Count} rows");
        var before = await port.Text("SELECT groupArray(name) FROM (SELECT name FROM system.tables WHERE database = 'closedloop' ORDER BY name)");
        var through = new List<string>();
        foreach (var sql in rows)
        {
            using var response = await port.Post(sql, "param_t=users&param_d=system&param_x=site");
            if (response.IsSuccessStatusCode) through.Add($"{sql} → {await response.Content.ReadAsStringAsync(Chdb.Cancel)}");
            else if ((int)response.StatusCode >= 500) through.Add($"{sql} → {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Chdb.Cancel)}");
        }
        Assert.Equal([], through);
        Assert.False(File.Exists("/tmp/closedloop-injected"));
        Assert.Equal(before, await port.Text("SELECT groupArray(name) FROM (SELECT name FROM system.tables WHERE database = 'closedloop' ORDER BY name)"));
    }

    [Fact]
    public async Task No_parameter_of_the_corpus_is_taken()
    {
        foreach (var parameter in InjectionCorpus.Parameters)
        {
            using var response = await port.Post("SELECT 1", parameter);
            Assert.False(response.IsSuccessStatusCode, parameter);
            Assert.True((int)response.StatusCode is 400 or 403 or 404 or 501, $"{parameter} → {(int)response.StatusCode}");
        }
    }

    /// <summary>The third fence alone: what reaches out is refused by the session itself when the port's own rules are out of the way.</summary>
    [Fact]
    public async Task The_session_refuses_files_and_networks_by_itself()
    {
        var through = new List<string>();
        foreach (var function in InjectionCorpus.Reaching.Where(function => function.StartsWith("file(", StringComparison.Ordinal) || function.Contains("127.0.0.1") || function.Contains("/tmp") || function.StartsWith("executable", StringComparison.Ordinal)))
        {
            try
            {
                await chdb.Warehouse.ReadAsync(new WarehouseQuery($"SELECT * FROM {function}"), Chdb.Cancel);
                through.Add(function);
            }
            catch (WarehouseException refused)
            {
                // Refused for what it is, or unknown here; never because somebody did not answer at the other end.
                if (refused.Code is not (164 or 46 or 36 or 42 or 43 or 60 or 48 or 170 or 701 or 344 or 669 or 497 or 79 or 115 or 291 or 53)) through.Add($"{function}: {refused.Message}");
            }
        }
        Assert.Equal([], through);
    }

    [Fact]
    public void Tokens_are_cut_as_the_engine_cuts_them()
    {
        var tokens = SqlScanner.Scan("SELECT a.`b``c`, 'it''s \\'x\\x41', $t$ '; $t$ -- no\n/* a /* b */ c */ FROM \"d\" # e\nx1");
        Assert.Equal(["SELECT", "a", ".", "b`c", ",", "it's 'xA", ",", " '; ", "FROM", "d", "x1"], tokens.Select(token => token.Text));
    }
}
