using System.Text;

namespace ClosedLoop.Streaming.Warehouse.Chdb;

/// <summary>
/// One session of the engine: one statement at a time, on one thread at a time. Several connections to the same folder work side by side.
/// </summary>
internal sealed unsafe class ChdbConnection : IDisposable
{
    private readonly ChdbLibrary _library;
    private void** _connection;

    /// <param name="arguments">As on the engine's command line: <c>--path=…</c>, <c>--setting=value</c>.</param>
    public ChdbConnection(ChdbLibrary library, IReadOnlyList<string> arguments)
    {
        _library = library;
        using var text = new ChdbText();
        var argv = text.Array(arguments.Count + 1);
        argv[0] = text.Put("closedloop", out _);
        for (var i = 0; i < arguments.Count; i++) argv[i + 1] = text.Put(arguments[i], out _);
        _connection = library.Connect(arguments.Count + 1, argv);
        if (_connection is null || *_connection is null)
            throw new WarehouseAwayException(
                "The embedded warehouse did not start: another process may hold its folder, the disk may be full, or a setting has a bad value.");
    }

    private void* Handle => _connection is null ? throw new ObjectDisposedException(nameof(ChdbConnection)) : *_connection;

    /// <summary>Runs one statement and takes the whole answer; for short answers only.</summary>
    public byte[] Query(string sql, string format = "TabSeparated")
    {
        using var text = new ChdbText();
        var query = text.Put(sql, out var queryLength);
        var name = text.Put(format, out var nameLength);
        var result = _library.Query(Handle, query, queryLength, name, nameLength);
        return Take(result, null);
    }

    /// <param name="parameters">Values TSV-escaped: see <see cref="ChdbText.Escape"/>.</param>
    /// <summary>Runs any statement with parameters and takes the whole answer; the engine's own memory limit bounds it.</summary>
    public byte[] Query(string sql, string format, IReadOnlyDictionary<string, string> parameters, Counts? counts)
    {
        using var text = new ChdbText();
        var bound = new Bound(text, parameters);
        var query = text.Put(sql, out var queryLength);
        var name = text.Put(format, out var nameLength);
        var result = _library.QueryWithParameters(
            Handle, query, queryLength, name, nameLength, bound.Names, bound.NameLengths, bound.Values, bound.ValueLengths, bound.Count);
        return Take(result, counts);
    }

    /// <summary>Opens a streamed SELECT; the engine streams no other kind of statement.</summary>
    public ChdbStream Stream(string sql, string format, IReadOnlyDictionary<string, string> parameters)
    {
        using var text = new ChdbText();
        var bound = new Bound(text, parameters);
        var query = text.Put(sql, out var queryLength);
        var name = text.Put(format, out var nameLength);
        var result = _library.StreamWithParameters(
            Handle, query, queryLength, name, nameLength, bound.Names, bound.NameLengths, bound.Values, bound.ValueLengths, bound.Count);
        ThrowIfFailed(result);
        return new ChdbStream(_library, Handle, result);
    }

    /// <summary>Sends a block of Native bytes; returns the rows the engine wrote (0 when its token was known already).</summary>
    /// <param name="insert">INSERT statement without FORMAT and without data.</param>
    public ulong Insert(string insert, string format, IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        using var text = new ChdbText();
        var query = text.Put(insert, out var queryLength);
        var name = text.Put(format, out var nameLength);
        var stream = _library.InsertOpen(Handle, query, queryLength, name, nameLength);
        try
        {
            ThrowIfInsertFailed(stream);
            foreach (var piece in pieces) Append(stream, piece.Span);
            var result = _library.InsertDone(stream);
            var counts = new Counts();
            Take(result, counts);
            return counts.RowsWritten;
        }
        finally
        {
            _library.InsertDestroy(stream);
        }
    }

    /// <summary>Class and number of statements by the engine's own parser; nothing runs.</summary>
    public (uint Class, uint Statements) Classify(string sql)
    {
        using var text = new ChdbText();
        var query = text.Put(sql, out var length);
        var analysis = new ChdbLibrary.Analysis { StructSize = (uint)sizeof(ChdbLibrary.Analysis), QueryClass = 4 };
        return _library.Classify(Handle, query, length, null, 0, &analysis) == 0
            ? (analysis.QueryClass, analysis.StatementCount)
            : (4u, 0u);
    }

    public void Dispose()
    {
        if (_connection is null) return;
        _library.CloseConnection(_connection);
        _connection = null;
    }

    private void Append(void* stream, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        fixed (byte* pointer = bytes)
        {
            if (_library.InsertAppend(stream, pointer, (nuint)bytes.Length) == 0) return;
        }
        ThrowIfInsertFailed(stream);
        throw WarehouseException.Of("The engine refused a chunk of an insert without saying why.");
    }

    private void ThrowIfInsertFailed(void* stream)
    {
        if (_library.InsertError(stream) is var error and not null) throw WarehouseException.Of(TextOf(error));
    }

    private void ThrowIfFailed(void* result)
    {
        if (result is null) throw WarehouseException.Of("The engine gave no answer.");
        if (_library.ResultError(result) is var error and not null)
        {
            var message = TextOf(error);
            _library.DestroyResult(result);
            throw WarehouseException.Of(message);
        }
    }

    private byte[] Take(void* result, Counts? counts)
    {
        ThrowIfFailed(result);
        try
        {
            counts?.Add(_library, result);
            var length = _library.ResultLength(result);
            return length == 0 ? [] : new ReadOnlySpan<byte>(_library.ResultBuffer(result), checked((int)length)).ToArray();
        }
        finally
        {
            _library.DestroyResult(result);
        }
    }

    internal static string TextOf(byte* text) =>
        Encoding.UTF8.GetString(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text)).TrimEnd();

    /// <summary>What a statement read and wrote.</summary>
    public sealed class Counts
    {
        public ulong RowsRead { get; private set; }
        public ulong BytesRead { get; private set; }
        public ulong RowsWritten { get; private set; }
        public ulong ResultRows { get; private set; }

        internal void Add(ChdbLibrary library, void* result)
        {
            RowsRead = Math.Max(RowsRead, library.ResultStorageRows(result));
            BytesRead = Math.Max(BytesRead, library.ResultStorageBytes(result));
            RowsWritten += library.ResultRowsWritten(result);
            ResultRows += library.ResultRows(result);
        }
    }

    private readonly ref struct Bound
    {
        public readonly byte** Names;
        public readonly byte** Values;
        public readonly nuint* NameLengths;
        public readonly nuint* ValueLengths;
        public readonly nuint Count;

        public Bound(ChdbText text, IReadOnlyDictionary<string, string> parameters)
        {
            Count = (nuint)parameters.Count;
            Names = text.Array(parameters.Count);
            Values = text.Array(parameters.Count);
            NameLengths = (nuint*)text.Array(parameters.Count);
            ValueLengths = (nuint*)text.Array(parameters.Count);
            var i = 0;
            foreach (var (name, value) in parameters)
            {
                Names[i] = text.Put(name, out NameLengths[i]);
                Values[i] = text.Put(value, out ValueLengths[i]);
                i++;
            }
        }
    }
}
