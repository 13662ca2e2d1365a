namespace ClosedLoop.Streaming.Warehouse.Chdb;

/// <summary>An open SELECT: chunks until the end. The connection accepts nothing else until it is disposed.</summary>
internal sealed unsafe class ChdbStream(ChdbLibrary library, void* connection, void* handle) : IDisposable
{
    private readonly void* _connection = connection;
    private void* _handle = handle;
    private bool _ended;

    public ChdbConnection.Counts Counts { get; } = new();

    /// <summary>The next chunk; empty at the end. Throws <see cref="WarehouseException"/> when the query failed half way.</summary>
    public byte[] Next()
    {
        while (!_ended)
        {
            var chunk = library.StreamFetch(_connection, _handle);
            if (chunk is null) { _ended = true; break; }
            try
            {
                if (library.ResultError(chunk) is var error and not null)
                {
                    _ended = true;
                    throw WarehouseException.Of(ChdbConnection.TextOf(error));
                }
                Counts.Add(library, chunk);
                var length = library.ResultLength(chunk);
                if (length > 0) return new ReadOnlySpan<byte>(library.ResultBuffer(chunk), checked((int)length)).ToArray();
                _ended = true;
            }
            finally
            {
                library.DestroyResult(chunk);
            }
        }
        return [];
    }

    public void Dispose()
    {
        if (_handle is null) return;
        if (!_ended) library.StreamCancel(_connection, _handle);
        library.DestroyResult(_handle);
        _handle = null;
    }
}
