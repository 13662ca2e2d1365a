using System.Diagnostics;
using System.Threading.Channels;

namespace ClosedLoop.Streaming.Warehouse.Chdb;

/// <summary>
/// A read under way: a thread of its own pulls chunks from the engine into a short queue, so that a slow receiver slows the query
/// instead of filling memory, and one that leaves ends it.
/// </summary>
internal sealed class ChdbAnswer : WarehouseAnswer
{
    private const int ChunksMax = 4;

    private readonly Channel<byte[]> _chunks = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(ChunksMax) { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _gone = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<ChdbConnection> _connect;
    private readonly WarehouseQuery _query;
    private readonly Action _leave;
    private readonly Action _kill;
    private readonly long _started = Stopwatch.GetTimestamp();
    private QuerySummary _summary = new(0, 0, 0, TimeSpan.Zero);
    private byte[]? _first;

    /// <param name="leave">Gives the place back; called once, when the engine is done with the query.</param>
    /// <param name="kill">Makes the engine give up the query; called when the receiver leaves before the end.</param>
    public ChdbAnswer(Func<ChdbConnection> connect, WarehouseQuery query, Action leave, Action kill)
    {
        (_connect, _query, _leave, _kill) = (connect, query, leave, kill);
        ChdbThread.Start("warehouse query", Run);
    }

    public override QuerySummary Summary => _summary;

    /// <summary>Waits for the first chunk or the failure.</summary>
    public async Task OpenAsync(CancellationToken cancel) => _first = await TakeAsync(cancel).ConfigureAwait(false);

    public override async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel)
    {
        if (_first is not { } first) return await TakeAsync(cancel).ConfigureAwait(false);
        _first = first.Length == 0 ? first : null;
        return first;
    }

    public override async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync().ConfigureAwait(false);
        _chunks.Writer.TryComplete();
        // The thread lets go at the next chunk; a query that makes none for long would keep its place until its time limit.
        if (!_ended.Task.IsCompleted) ChdbThread.Start("warehouse kill", _kill);
    }

    private async ValueTask<byte[]> TakeAsync(CancellationToken cancel)
    {
        while (await _chunks.Reader.WaitToReadAsync(cancel).ConfigureAwait(false))
            if (_chunks.Reader.TryRead(out var chunk)) return chunk;
        await _ended.Task.ConfigureAwait(false);
        return [];
    }

    private void Run()
    {
        Exception? failure = null;
        try
        {
            using var connection = _connect();
            if (_gone.IsCancellationRequested) return;
            if (_query.Streamed) Stream(connection);
            else Whole(connection);
        }
        catch (Exception e) when (e is WarehouseException or WarehouseAwayException)
        {
            failure = e;
        }
        finally
        {
            _leave();
            if (failure is null) _ended.TrySetResult();
            else _ended.TrySetException(failure);
            _ = _ended.Task.Exception;
            _chunks.Writer.TryComplete();
        }
    }

    private void Stream(ChdbConnection connection)
    {
        using var stream = connection.Stream(_query.Sql, _query.Format, Escaped());
        while (!_gone.IsCancellationRequested && stream.Next() is { Length: > 0 } chunk)
            if (!Hand(chunk)) break;
        Sum(stream.Counts);
    }

    private void Whole(ChdbConnection connection)
    {
        var counts = new ChdbConnection.Counts();
        var bytes = connection.Query(_query.Sql, _query.Format, Escaped(), counts);
        Sum(counts);
        if (bytes.Length > 0) Hand(bytes);
    }

    private IReadOnlyDictionary<string, string> Escaped() => _query.ParametersEscaped
        ? _query.Parameters
        : _query.Parameters.ToDictionary(parameter => parameter.Key, parameter => ChdbText.Escape(parameter.Value));

    private bool Hand(byte[] chunk)
    {
        while (!_chunks.Writer.TryWrite(chunk))
        {
            try
            {
                if (!_chunks.Writer.WaitToWriteAsync(_gone.Token).AsTask().GetAwaiter().GetResult()) return false;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
        return true;
    }

    private void Sum(ChdbConnection.Counts counts) => _summary = new QuerySummary(
        (long)counts.RowsRead, (long)counts.BytesRead, (long)counts.ResultRows, Stopwatch.GetElapsedTime(_started));
}
