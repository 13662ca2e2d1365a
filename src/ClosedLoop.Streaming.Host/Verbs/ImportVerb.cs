using System.CommandLine;
using ClosedLoop.Streaming.Host.Verbs.Imports;

namespace ClosedLoop.Streaming.Host.Verbs;

/// <summary><c>closedloop import …</c>: files into the running system. The same file twice adds nothing.</summary>
internal static class ImportVerb
{
    public static Command Command() => new("import", "Reads a file into the running system; the same file twice adds nothing.") 
    {
        AccessLog(), Events(),
        Table("orders", "Orders as CSV: order_id, revenue, currency, occurred_at, email or another name of the person, …; refunds by a column event.",
            "Columns are named as in POST /v1/events; items as a JSON array in its cell.", (system, site) => new TableImport(system, "orders", "purchase", ["order_id", "revenue"], site).RunAsync),
        Table("crm", "What sales says, as CSV: event, occurred_at, external_id or email, stage, deal_id, amount, …",
            "Columns are named as in POST /v1/events; trait.NAME sets a trait.", (system, site) => new TableImport(system, "crm", null, ["event"], site).RunAsync),
        Table("costs", "Costs as CSV: date, source, medium, campaign, amount, currency, impressions, clicks.",
            "Columns are named as in POST /v1/costs.", (system, site) => new CostsImport(system, site).RunAsync),
    };

    private delegate Task<int> Import(string file, Action<long> progress, CancellationToken cancel);

    private static Command Table(string name, string description, string columns, Func<SystemClient, string?, Import> import)
    {
        var file = new Argument<string>("file") { Description = "CSV with a first line that names the columns, plain or gzip. " + columns };
        var site = new Option<string?>("--site") { Description = "Site of the rows that name none." };
        var url = SystemClient.UrlOption();
        var command = new Command(name, description) { file, site, url };
        command.SetAction((parsed, cancel) => SystemClient.GuardAsync(async () =>
        {
            using var system = SystemClient.Open(parsed.GetValue(url));
            return await import(system, parsed.GetValue(site))(parsed.GetValue(file)!, Progress, cancel);
        }));
        return command;
    }

    private static Command AccessLog()
    {
        var file = new Argument<string>("file") { Description = "A web server's log in combined format, plain or gzip." };
        var site = new Option<string>("--site") { Description = "Site that the pages belong to.", Required = true };
        var host = new Option<string?>("--host") { Description = "The site's host; left out: whoever its pictures and styles are most often asked by." };
        var url = SystemClient.UrlOption();
        var command = new Command("access-log", "GETs of pages become page views; assets, redirects, errors and other methods are counted and left out.") { file, site, host, url };
        command.SetAction((parsed, cancel) => SystemClient.GuardAsync(async () =>
        {
            using var system = SystemClient.Open(parsed.GetValue(url));
            return await new AccessLogImport(system, parsed.GetValue(site)!, parsed.GetValue(host)).RunAsync(parsed.GetValue(file)!, Progress, cancel);
        }));
        return command;
    }

    private static Command Events()
    {
        var file = new Argument<string>("file") { Description = "One event of POST /v1/events per line, plain or gzip." };
        var site = new Option<string?>("--site") { Description = "Site of the events that name none." };
        var url = SystemClient.UrlOption();
        var command = new Command("events", "Events as JSON lines.") { file, site, url };
        command.SetAction((parsed, cancel) => SystemClient.GuardAsync(async () =>
        {
            using var system = SystemClient.Open(parsed.GetValue(url));
            return await new EventsImport(system, parsed.GetValue(site)).RunAsync(parsed.GetValue(file)!, Progress, cancel);
        }));
        return command;
    }

    private static void Progress(long lines)
    {
        if (!Console.IsErrorRedirected) Console.Error.Write($"\r{lines:#,0} lines");
    }
}
