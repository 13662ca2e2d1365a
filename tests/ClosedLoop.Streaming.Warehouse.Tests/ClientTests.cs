using System.Diagnostics;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>Foreign clients against the port: curl, and ClickHouse's own for Node.js.</summary>
public sealed class ClientTests(PortFixture port) : IClassFixture<PortFixture>
{
    private const string Script = """
        const { createClient } = require('@clickhouse/client');
        (async () => {
          const client = createClient({ url: process.argv[2], username: 'dashboard', password: process.argv[3], database: 'closedloop', compression: { response: true } });
          const out = { ping: (await client.ping()).success };
          const rows = await client.query({ query: 'SELECT number AS n, {text:String} AS t FROM numbers(3)', query_params: { text: "it's\t\\ ß" }, format: 'JSONEachRow' });
          out.rows = await rows.json();
          out.queryId = rows.query_id.length > 0;
          let streamed = 0;
          const stream = (await client.query({ query: 'SELECT number FROM numbers(100000)', format: 'JSONCompactEachRow' })).stream();
          for await (const chunk of stream) streamed += chunk.length;
          out.streamed = streamed;
          for (const [name, query] of [['table', 'SELECT * FROM missing'], ['file', "SELECT * FROM file('/etc/passwd')"]])
            try { await client.query({ query }); out[name] = 'through'; } catch (e) { out[name] = e.code; }
          try { await client.insert({ table: 'events', values: [{ site: 'x' }], format: 'JSONEachRow' }); out.insert = 'through'; } catch (e) { out.insert = e.code; }
          try { await client.command({ query: 'CREATE TABLE x (a Int8) ENGINE = Memory' }); out.create = 'through'; } catch (e) { out.create = e.code; }
          console.log(JSON.stringify(out));
          await client.close();
        })().catch(e => { console.error(e); process.exit(1); });
        """;

    [Fact]
    public async Task Curl_asks_and_is_answered()
    {
        Assert.SkipUnless(await Works("curl", "--version"), "curl is not installed");
        var text = await Run("curl", null, "-sS", "--compressed", "-u", "dashboard:" + PortFixture.Password, port.Port.Address + "/?enable_http_compression=1",
            "--data-binary", "SELECT 1 AS a, 'b' AS b FORMAT JSONCompactEachRow");
        Assert.Equal("[1, \"b\"]\n", text);
        Assert.Equal("403", await Run("curl", null, "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-u", "dashboard:wrong", port.Port.Address + "/", "--data-binary", "SELECT 1"));
    }

    [Fact]
    public async Task The_client_for_Node_asks_streams_and_is_refused()
    {
        var address = port.Port.Address;
        Assert.SkipUnless(await Works("node", "--version") && await Works("npm", "--version"), "node or npm is not installed");
        var folder = Directory.CreateTempSubdirectory("closedloop-client-").FullName;
        try
        {
            Assert.SkipUnless(await Installed(folder), "npm can't install @clickhouse/client here");
            await File.WriteAllTextAsync(Path.Combine(folder, "ask.js"), Script, Chdb.Cancel);
            var text = await Run("node", folder, "ask.js", address, PortFixture.Password);
            Assert.Equal("{\"ping\":true,\"rows\":[{\"n\":0,\"t\":\"it's\\t\\\\ ß\"},{\"n\":1,\"t\":\"it's\\t\\\\ ß\"},{\"n\":2,\"t\":\"it's\\t\\\\ ß\"}],\"queryId\":true,"
                + "\"streamed\":100000,\"table\":\"60\",\"file\":\"497\",\"insert\":\"164\",\"create\":\"164\"}", text.Trim().Replace("\"n\":\"", "\"n\":").Replace("\",\"t\"", ",\"t\""));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> Installed(string folder)
    {
        try
        {
            await Run("npm", folder, "install", "--no-audit", "--no-fund", "--silent", "--prefix", folder, "@clickhouse/client");
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task<bool> Works(string program, string argument)
    {
        try
        {
            await Run(program, null, argument);
            return true;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task<string> Run(string program, string? folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Chdb.Cancel);
        var output = await process.StandardOutput.ReadToEndAsync(Chdb.Cancel);
        await process.WaitForExitAsync(Chdb.Cancel);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await error}");
    }
}
