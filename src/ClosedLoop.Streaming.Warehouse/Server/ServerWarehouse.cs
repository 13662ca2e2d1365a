using System.Text;
using ClosedLoop.Streaming.Warehouse.Chdb;

namespace ClosedLoop.Streaming.Warehouse.Server;

/// <summary>
/// A ClickHouse server over its HTTP interface. Inserts are Native, packed, with the token as a setting; reads carry their limits and
/// <c>readonly</c> as settings, and their values as <c>param_…</c>. Several processes may share one server: the one with the role
/// <c>warehouse</c> brings the schema up to date, the others look whether it is theirs.
/// </summary>
public sealed class ServerWarehouse : IWarehouse, IDisposable
{
    private static readonly TimeSpan InsertTimeMax = TimeSpan.FromMinutes(5);
    // The server ends a read by its own limit; this only ends the waiting for a server that vanished.
    private static readonly TimeSpan AnswerTimeGrace = TimeSpan.FromSeconds(15);

    private readonly WarehouseOptions _options;
    private readonly ServerConnection _connection;
    private readonly QueryGate _gate;
    private readonly SemaphoreSlim _starting = new(1, 1);
    // The schema's own questions come before anyone else's.
    private readonly AsyncLocal<bool> _opening = new();
    private volatile bool _ready;

    public ServerWarehouse(WarehouseOptions options) : this(options, null)
    {
    }

    internal ServerWarehouse(WarehouseOptions options, HttpMessageHandler? handler)
    {
        _options = options;
        _connection = new ServerConnection(options, handler);
        _gate = new QueryGate(options.ConcurrentQueriesMax, options.WaitingQueriesMax, options.QueryWaitMax);
    }

    public async Task StartAsync(CancellationToken cancel)
    {
        if (_ready) return;
        await _starting.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_ready) return;
            _opening.Value = true;
            if (_options.AppliesSchema) await SchemaScript.ApplyAsync(this, _options.Synced, cancel).ConfigureAwait(false);
            else await SchemaScript.LookAsync(this, cancel).ConfigureAwait(false);
            _ready = true;
        }
        finally
        {
            _opening.Value = false;
            _starting.Release();
        }
    }

    /// <summary>Everything that keeps this server from being the warehouse, in sentences for the operator; changes nothing. Empty: it will do.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancel)
    {
        _opening.Value = true;
        return await new ServerCheck(this, _connection).MistakesAsync(cancel).ConfigureAwait(false);
    }

    public async Task InsertAsync(NativeBlock block, string token, CancellationToken cancel)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(InsertTimeMax);
        // wait_end_of_query: the status says how the whole insert ended, not how it began.
        var settings = new Dictionary<string, string>
        {
            ["query"] = InsertStatement.Of(block, token) + " FORMAT Native", ["wait_end_of_query"] = "1", ["async_insert"] = "0",
            ["insert_deduplicate"] = "1", ["max_partitions_per_insert_block"] = "1", ["max_insert_threads"] = "1",
        };
        using var response = await _connection.SendAsync(settings, new BlockContent(block), time.Token, cancel).ConfigureAwait(false);
    }

    public async Task ExecuteAsync(string statement, CancellationToken cancel)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(InsertTimeMax);
        var settings = new Dictionary<string, string> { ["wait_end_of_query"] = "1" };
        using var response = await _connection.SendAsync(settings, new ByteArrayContent(Encoding.UTF8.GetBytes(statement)), time.Token, cancel).ConfigureAwait(false);
    }

    public async Task<WarehouseAnswer> QueryAsync(WarehouseQuery query, CancellationToken cancel)
    {
        if (!_ready && !_opening.Value) await StartAsync(cancel).ConfigureAwait(false);
        var settings = new Dictionary<string, string> { ["default_format"] = query.Format, ["enable_http_compression"] = "1" };
        if (!_opening.Value) settings["database"] = "closedloop";
        foreach (var (name, value) in ReadSettings.Of(query)) settings[name] = value;
        // readonly=1 would refuse the settings beside it; 2 allows those and still nothing that writes.
        settings["readonly"] = "2";
        // The server keeps the answer until it is whole, so that a failure is a status and never half an answer that looks like all of it.
        settings["wait_end_of_query"] = "1";
        settings["cancel_http_readonly_queries_on_client_close"] = "1";
        foreach (var (name, value) in query.Parameters) settings["param_" + name] = query.ParametersEscaped ? value : ChdbText.Escape(value);

        await _gate.EnterAsync(cancel).ConfigureAwait(false);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(query.Limits.ExecutionTimeMax + AnswerTimeGrace);
        HttpResponseMessage? response = null;
        try
        {
            response = await _connection.SendAsync(settings, new ByteArrayContent(Encoding.UTF8.GetBytes(query.Sql)), time.Token, cancel).ConfigureAwait(false);
            return new ServerAnswer(response, await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false), _gate.Leave);
        }
        catch
        {
            response?.Dispose();
            _gate.Leave();
            throw;
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _gate.Dispose();
        _starting.Dispose();
    }
}
