using System.Text;
using ClosedLoop.Streaming.Warehouse.Chdb;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Streaming.Warehouse.Port;

/// <summary>One request to the ClickHouse port: who, what, is it harmless, run it, stream it.</summary>
internal sealed class PortHandler(ChdbWarehouse warehouse, WarehouseOptions options, WarehouseTelemetry telemetry)
{
    private const string DefaultFormat = "TabSeparated";

    private readonly PortAccess _access = new(options.PortUser, options.PortPassword);
    private SqlGuard? _guard;
    private string _timezone = "UTC";

    public async Task HandleAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers[PortHeaders.DisplayName] = PortHeaders.ServerName;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await RouteAsync(context).ConfigureAwait(false);
        }
        catch (PortRefusal refusal)
        {
            telemetry.PortAnswered("refused");
            await RefuseAsync(response, refusal.Code, refusal.Text).ConfigureAwait(false);
        }
        catch (WarehouseException failure)
        {
            telemetry.PortAnswered("failed");
            await RefuseAsync(response, failure.Code, failure.Message).ConfigureAwait(false);
        }
        catch (WarehouseAwayException away)
        {
            telemetry.PortAnswered("away");
            await RefuseAsync(response, 202, $"Code: 202. DB::Exception: {away.Message}").ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            telemetry.PortAnswered("left");
        }
        catch (BadHttpRequestException bad)
        {
            telemetry.PortAnswered("refused");
            response.StatusCode = bad.StatusCode;
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        if (path is "/ping" or "/replicas_status")
        {
            context.Response.ContentType = "text/html; charset=UTF-8";
            await context.Response.WriteAsync("Ok.\n", context.RequestAborted).ConfigureAwait(false);
            return;
        }
        if (path is not ("/" or "" or "/query"))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync("There is no handle for this path; use / or /ping.\n", context.RequestAborted).ConfigureAwait(false);
            return;
        }
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, POST";
            return;
        }
        _access.Check(context.Request);
        var request = await PortRequest.ReadAsync(context.Request, options.PortQueryBytesMax, context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers[PortHeaders.QueryId] = request.QueryId;
        if (request.Sql.AsSpan().Trim().IsEmpty && HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.WriteAsync("Ok.\n", context.RequestAborted).ConfigureAwait(false);
            return;
        }
        await AnswerAsync(context, request).ConfigureAwait(false);
        telemetry.PortAnswered("answered");
    }

    private async Task AnswerAsync(HttpContext context, PortRequest request)
    {
        var cancel = context.RequestAborted;
        _guard ??= await GuardAsync(cancel).ConfigureAwait(false);
        var guarded = _guard.Check(request.Sql);
        await AskEngineAsync(guarded.Sql, cancel).ConfigureAwait(false);
        var format = guarded.Format ?? request.DefaultFormat ?? DefaultFormat;
        if (!ReadSettings.IsName(format)) throw new PortRefusal(73, "UNKNOWN_FORMAT", "Unknown format");

        var query = new WarehouseQuery(guarded.Sql)
        {
            Format = format, Streamed = guarded.Streamed, Limits = request.Limits, Settings = request.Settings, Parameters = request.Parameters,
            ParametersEscaped = true,
        };
        await using var answer = await warehouse.QueryAsync(query, cancel).ConfigureAwait(false);
        context.Response.Headers[PortHeaders.Timezone] = _timezone;
        context.Response.Headers[PortHeaders.FormatAsked] = format;
        context.Response.ContentType = PortStatus.ContentType(format);
        var gzip = request.Compress && context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        await new PortBody(context, answer, gzip, request.WaitEnd).SendAsync().ConfigureAwait(false);
    }

    /// <summary>The second fence: one statement, and read-only, by the parser that will run it. Nothing runs here.</summary>
    private async Task AskEngineAsync(string sql, CancellationToken cancel)
    {
        var (kind, statements) = await warehouse.ClassifyAsync(sql, cancel).ConfigureAwait(false);
        if (kind == 4)
        {
            // Formatting it makes the engine say where the mistake is.
            var explain = new WarehouseQuery("SELECT formatQuerySingleLine({query:String}) FORMAT Null") { Parameters = new Dictionary<string, string> { ["query"] = sql } };
            await warehouse.ReadAsync(explain, cancel).ConfigureAwait(false);
            throw new PortRefusal(62, "SYNTAX_ERROR", "Syntax error, or a kind of statement that this port does not know");
        }
        if (kind != 0) throw PortRefusal.ReadOnly("A statement that changes something");
        if (statements != 1) throw PortRefusal.ReadOnly("More than one statement");
    }

    private async Task<SqlGuard> GuardAsync(CancellationToken cancel)
    {
        var rows = await warehouse.RowsAsync(new WarehouseQuery("SELECT name FROM system.table_functions"), cancel).ConfigureAwait(false);
        _timezone = await warehouse.ValueAsync(new WarehouseQuery("SELECT timezone()"), cancel).ConfigureAwait(false);
        return new SqlGuard(rows.Select(row => row[0].GetString()!).ToHashSet(StringComparer.OrdinalIgnoreCase));
    }

    private static async Task RefuseAsync(HttpResponse response, int code, string text)
    {
        if (response.HasStarted)
        {
            response.HttpContext.Abort();
            return;
        }
        var status = PortStatus.Of(code);
        response.StatusCode = text.Contains("(QUERY_IS_TOO_LARGE)", StringComparison.Ordinal) ? StatusCodes.Status413PayloadTooLarge : status;
        response.Headers[PortHeaders.ExceptionCode] = code.ToString(System.Globalization.CultureInfo.InvariantCulture);
        response.ContentType = "text/plain; charset=UTF-8";
        response.Headers.Remove("Content-Encoding");
        if (status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Basic realm=\"ClickHouse server HTTP API\"";
        if (status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = "1";
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text.TrimEnd() + "\n")).ConfigureAwait(false);
    }
}
