using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>Tables of orders, of a CRM and of costs through the verbs of the running program.</summary>
public sealed class TableImportTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan ImportMax = TimeSpan.FromMinutes(2);
    private readonly string _folder = Directory.CreateTempSubdirectory("closedloop-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Tables_are_imported_once_and_the_numbers_add_up()
    {
        var rates = File("rates.csv", "date,currency,rate\n2026-11-01,USD,1.25\n2026-11-02,USD,1.25\n");
        await using var program = await RunningProgram.StartAsync(more: ("CLOSEDLOOP_RATES", rates));
        await OrdersAsync(program);
        await CrmAsync(program);
        await CostsAsync(program);
        await program.VerifyAsync();
    }

    private async Task OrdersAsync(RunningProgram program)
    {
        var orders = File("orders.csv", """
            order_id,revenue,currency,occurred_at,email,items,coupon,event
            A-1,129.90,EUR,2026-11-01T10:00:00Z,anna@example.com,"[{""sku"":""T1"",""category"":""tents"",""price"":139.9,""cost"":80,""quantity"":1}]",,
            A-2,125,USD,2026-11-02T10:00:00Z,anna@example.com,,AUTUMN,
            A-1,29.90,EUR,2026-11-03T10:00:00Z,anna@example.com,,,refund

            A-3,"12,50",EUR,2026-11-03T10:00:00Z,bert@example.com,,,
            A-4,10,EUR,2026-11-03T10:00:00Z
            """);
        var first = await ImportAsync(program, "orders", orders, refusal: "line 7: malformed_line: it has 4 cells, and the first line names 8");
        Assert.Equal((6, 3, 1, 2, 0), (first["lines read"], first["stored"], first["empty lines"], first["refused"], first["duplicates"]));
        var second = await ImportAsync(program, "orders", orders);
        Assert.Equal((6, 0, 1, 0, 5), (second["lines read"], second["stored"], second["empty lines"], second["refused"], second["duplicates"]));
        await program.SettleAsync();
        Assert.Equal([["A-1", "100", "20"], ["A-2", "100", "0"]],
            (await program.RowsAsync("SELECT order_id, toString(revenue), toString(gross_profit) FROM conversions_current WHERE kind = 'order' ORDER BY order_id")).Select(Plain));
        Assert.Equal([["USD", "125", "0.8"]], (await program.RowsAsync("SELECT original_currency, toString(original_amount), toString(rate) FROM events WHERE order_id = 'A-2'")).Select(Plain));
    }

    private async Task CrmAsync(RunningProgram program)
    {
        // As a spreadsheet of another country writes it, packed.
        var crm = Packed("crm.csv.gz", """
            event;occurred_at;email;external_id;stage;deal_id;deal_stage;amount;currency;revenue;reason;trait.city
            stage_changed;2026-11-04T09:00:00Z;anna@example.com;crm-7;mql;;;;;;;Lviv
            deal_opened;2026-11-04T10:00:00Z;anna@example.com;;;D-1;offer;1200;EUR;;;
            deal_won;2026-11-05T10:00:00Z;anna@example.com;;;D-1;;;EUR;1000;;
            stage_changed;2026-11-05T10:00:00Z;carl@example.com;;friend;;;;;;;
            """);
        var first = await ImportAsync(program, "crm", crm, refusal: "line 5: bad_stage");
        Assert.Equal((4, 3, 1, 0), (first["lines read"], first["stored"], first["refused"], first["duplicates"]));
        Assert.Equal(4, (await ImportAsync(program, "crm", crm))["duplicates"]);
        var said = await program.VerbAsync(ImportMax, "import", "crm", File("wrong.csv", "occurred_at,email\n"), "--site", "demo");
        Assert.Equal(1, said.ExitCode);
        Assert.Contains("event is missing among the columns", said.Error, StringComparison.Ordinal);
    }

    private async Task CostsAsync(RunningProgram program)
    {
        var costs = File("costs.csv", """
            date,source,medium,campaign,amount,currency,impressions,clicks
            2026-11-01,google,cpc,brand,120.50,EUR,1000,30
            2026-11-02,google,cpc,brand,125,USD,1100,31
            2026-11-02,newsletter,email,autumn,20,EUR,,
            2026-11-02,google,cpc,brand,many,EUR,,
            2026-10-01,google,cpc,brand,5,USD,,
            """);
        var first = await ImportAsync(program, "costs", costs, refusal: "line 6: currency_without_rate: There is no rate from USD to EUR for 2026-10-01");
        Assert.Equal((5, 3, 2, 0), (first["lines read"], first["stored"], first["refused"], first["duplicates"]));
        var second = await ImportAsync(program, "costs", costs);
        Assert.Equal((5, 0, 2, 3), (second["lines read"], second["stored"], second["refused"], second["duplicates"]));
        var changed = await ImportAsync(program, "costs", File("changed.csv", "date,source,medium,campaign,amount\n2026-11-01,google,cpc,brand,99\n2026-11-02,newsletter,email,autumn,20\n"));
        Assert.Equal((2, 1, 1), (changed["lines read"], changed["stored"], changed["duplicates"]));
        Assert.Equal([["Email", "20", "0"], ["Paid Search", "199", "2100"]],
            (await program.RowsAsync("SELECT channel, toString(sum(amount)), toString(sum(if(date = '2026-11-01', 1000, impressions))) FROM costs_current GROUP BY channel ORDER BY channel")).Select(Plain));
    }

    private static string[] Plain(IEnumerable<string> row) => [.. row.Select(c => c.Contains('.', StringComparison.Ordinal) ? c.TrimEnd('0').TrimEnd('.') : c)];

    private async Task<Dictionary<string, long>> ImportAsync(RunningProgram program, string kind, string file, string? refusal = null)
    {
        var said = await program.VerbAsync(ImportMax, "import", kind, file, "--site", "demo");
        output.WriteLine(said.ToString());
        Assert.Equal(0, said.ExitCode);
        if (refusal is not null) Assert.Contains(refusal, said.Out, StringComparison.Ordinal);
        var numbers = Regex.Matches(said.Out, @"^\s*([a-z][a-z ]*?)\s{2,}([\d,]+)$", RegexOptions.Multiline)
            .ToDictionary(m => m.Groups[1].Value, m => long.Parse(m.Groups[2].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
        Assert.Equal(numbers["lines read"], numbers["stored"] + numbers["left out"] + numbers["refused"] + numbers["duplicates"]);
        return numbers;
    }

    private string File(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    private string Packed(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        using var packed = new StreamWriter(new GZipStream(System.IO.File.Create(path), CompressionLevel.Fastest));
        packed.Write(text);
        return path;
    }
}
