using System.Globalization;

namespace ClosedLoop.Streaming.Warehouse.Chdb;

/// <summary>
/// The ClickHouse engine in this process. One connection stays open for the life of the process and takes the inserts; each read gets a
/// connection of its own (0.3 ms), so that its limits and <c>readonly</c> are its own and nothing of a session is left to the next.
/// </summary>
public sealed class ChdbWarehouse : IWarehouse, IAsyncDisposable
{
    private readonly WarehouseOptions _options;
    private readonly QueryGate _gate;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private ChdbLibrary? _library;
    private ChdbConnection? _writer;
    // The schema's own questions come before anyone else's: until its tables are there, others would be told that they don't exist.
    private readonly AsyncLocal<bool> _opening = new();
    private volatile bool _ready;
    private long _queries;

    public ChdbWarehouse(WarehouseOptions options)
    {
        _options = options;
        _gate = new QueryGate(options.ConcurrentQueriesMax, options.WaitingQueriesMax, options.QueryWaitMax);
    }

    public async Task StartAsync(CancellationToken cancel)
    {
        if (_ready) return;
        _opening.Value = true;
        await OpenAsync(cancel).ConfigureAwait(false);
        await SchemaScript.ApplyAsync(this, _options.Synced, cancel).ConfigureAwait(false);
        _ready = true;
    }

    public Task InsertAsync(NativeBlock block, string token, CancellationToken cancel) => OnWriterAsync(() =>
        Writer.Insert(InsertStatement.Of(block, token), "Native", block.Pieces), cancel);

    public Task ExecuteAsync(string statement, CancellationToken cancel) => OnWriterAsync(() => Writer.Query(statement), cancel);

    public async Task<WarehouseAnswer> QueryAsync(WarehouseQuery query, CancellationToken cancel)
    {
        if (!_ready && !_opening.Value) throw new WarehouseAwayException("The embedded warehouse is still being opened.");
        _ = Writer;
        await _gate.EnterAsync(cancel).ConfigureAwait(false);
        var tag = string.Create(CultureInfo.InvariantCulture, $"q{Interlocked.Increment(ref _queries)}");
        var answer = new ChdbAnswer(() => Reader(query, tag), query, _gate.Leave, () => Kill(tag));
        try
        {
            await answer.OpenAsync(cancel).ConfigureAwait(false);
            return answer;
        }
        catch
        {
            await answer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Opens the engine alone; the schema comes with <see cref="StartAsync"/>.</summary>
    internal Task OpenAsync(CancellationToken cancel) => OnWriterAsync(() => _writer ??= Open(), cancel);

    /// <summary>A session of its own, without limits; for tests that make a server of this engine.</summary>
    internal Task<T> InSessionAsync<T>(Func<ChdbConnection, T> act) => OnThread(() =>
    {
        using var session = new ChdbConnection(Library, Arguments());
        return act(session);
    });

    /// <summary>What the engine's own parser makes of a statement: class (0 is read-only) and number of statements. Nothing runs.</summary>
    internal async Task<(uint Class, uint Statements)> ClassifyAsync(string sql, CancellationToken cancel)
    {
        _ = Writer;
        await _gate.EnterAsync(cancel).ConfigureAwait(false);
        try
        {
            return await OnThread(() =>
            {
                using var connection = new ChdbConnection(Library, Arguments());
                return connection.Classify(sql);
            }).ConfigureAwait(false);
        }
        finally
        {
            _gate.Leave();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            _ready = false;
            _writer?.Dispose();
            _writer = null;
        }
        finally
        {
            _writing.Release();
        }
    }

    private ChdbConnection Writer => _writer ?? throw new WarehouseAwayException("The embedded warehouse is not started.");

    private ChdbLibrary Library => _library ?? throw new WarehouseAwayException("The embedded warehouse is not started.");

    private ChdbConnection Open()
    {
        var path = ChdbLocator.Find(_options.LibraryPath, out var looked) ?? throw new WarehouseAwayException(
            $"{ChdbLocator.FileName} was not found ({string.Join(", ", looked)}). Run ./dev fetch, or set CLOSEDLOOP_CLICKHOUSE_URL to a ClickHouse server.");
        Directory.CreateDirectory(_options.Folder);
        _library = ChdbLibrary.Load(path);
        using var kept = SignalDispositions.Keep();
        var connection = new ChdbConnection(_library, Arguments());
        // One month per insert is what makes it atomic; the engine checks it too.
        connection.Query("SET max_partitions_per_insert_block = 1, throw_on_max_partitions_per_insert_block = 1, "
            + "async_insert = 0, insert_deduplicate = 1, max_insert_threads = 1");
        return connection;
    }

    private ChdbConnection Reader(WarehouseQuery query, string tag)
    {
        var connection = new ChdbConnection(Library, Arguments());
        try
        {
            connection.Query("USE closedloop");
            connection.Query($"SET log_comment = '{tag}'");
            connection.Query(ReadSettings.Statement(query));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Ends the query with this tag, if it still runs. ASYNC: waiting for the end (SYNC) hangs in this engine.</summary>
    private void Kill(string tag)
    {
        try
        {
            using var connection = new ChdbConnection(Library, Arguments());
            connection.Query($"KILL QUERY WHERE Settings['log_comment'] = '{tag}' ASYNC");
        }
        catch (Exception e) when (e is WarehouseException or WarehouseAwayException)
        {
            // Its own time limit ends it then.
        }
    }

    private string[] Arguments() =>
    [
        "--path=" + Path.GetFullPath(_options.Folder),
        string.Create(CultureInfo.InvariantCulture, $"--max_server_memory_usage={_options.ServerMemoryBytesMax}"),
        string.Create(CultureInfo.InvariantCulture, $"--mark_cache_size={_options.MarkCacheBytesMax}"),
    ];

    private async Task OnWriterAsync(Action act, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            await OnThread(() =>
            {
                act();
                return true;
            }).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>A thread of its own: the engine blocks, and the pool's threads serve the doors.</summary>
    private static Task<T> OnThread<T>(Func<T> act)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        ChdbThread.Start("warehouse", () =>
        {
            try
            {
                done.SetResult(act());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }
}
