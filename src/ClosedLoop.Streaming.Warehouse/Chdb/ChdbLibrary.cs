using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.Warehouse.Chdb;

/// <summary>
/// The entry points of libchdb.so that we use, bound by path at run time: the library is half a gigabyte and is never copied beside the program.
/// Shapes are those of the library's own header, version 26.7.
/// </summary>
internal sealed unsafe class ChdbLibrary
{
    private static readonly Lock Gate = new();
    private static ChdbLibrary? _loaded;

    public readonly delegate* unmanaged[Cdecl]<int, byte**, void**> Connect;
    public readonly delegate* unmanaged[Cdecl]<void**, void> CloseConnection;
    public readonly delegate* unmanaged[Cdecl]<void*, byte*, nuint, byte*, nuint, void*> Query;
    public readonly delegate* unmanaged[Cdecl]<void*, byte*, nuint, byte*, nuint, byte**, nuint*, byte**, nuint*, nuint, void*> QueryWithParameters;
    public readonly delegate* unmanaged[Cdecl]<void*, byte*, nuint, byte*, nuint, byte**, nuint*, byte**, nuint*, nuint, void*> StreamWithParameters;
    public readonly delegate* unmanaged[Cdecl]<void*, void*, void*> StreamFetch;
    public readonly delegate* unmanaged[Cdecl]<void*, void*, void> StreamCancel;
    public readonly delegate* unmanaged[Cdecl]<void*, void> DestroyResult;
    public readonly delegate* unmanaged[Cdecl]<void*, byte*, nuint, byte*, nuint, void*> InsertOpen;
    public readonly delegate* unmanaged[Cdecl]<void*, byte*, nuint, int> InsertAppend;
    public readonly delegate* unmanaged[Cdecl]<void*, void*> InsertDone;
    public readonly delegate* unmanaged[Cdecl]<void*, void> InsertCancel;
    public readonly delegate* unmanaged[Cdecl]<void*, byte*> InsertError;
    public readonly delegate* unmanaged[Cdecl]<void*, void> InsertDestroy;
    public readonly delegate* unmanaged[Cdecl]<void*, byte*> ResultBuffer;
    public readonly delegate* unmanaged[Cdecl]<void*, nuint> ResultLength;
    public readonly delegate* unmanaged[Cdecl]<void*, double> ResultElapsed;
    public readonly delegate* unmanaged[Cdecl]<void*, ulong> ResultRows;
    public readonly delegate* unmanaged[Cdecl]<void*, ulong> ResultStorageRows;
    public readonly delegate* unmanaged[Cdecl]<void*, ulong> ResultStorageBytes;
    public readonly delegate* unmanaged[Cdecl]<void*, ulong> ResultRowsWritten;
    public readonly delegate* unmanaged[Cdecl]<void*, byte*> ResultError;
    public readonly delegate* unmanaged[Cdecl]<void*, byte*, nuint, byte*, nuint, Analysis*, int> Classify;
    private readonly delegate* unmanaged[Cdecl]<int, void> _setSignalHandlers;
    private readonly delegate* unmanaged[Cdecl]<int> _shutdown;

    /// <summary>What the engine's own parser says about a statement; the layout is the library's.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Analysis
    {
        public uint StructSize;
        public uint StatementCount;
        public uint Flags;
        /// <summary>0 read-only, 1 and 2 change something, 3 session control, 4 does not parse.</summary>
        public uint QueryClass;
    }

    private ChdbLibrary(string path)
    {
        var handle = NativeLibrary.Load(path);
        nint Entry(string name) => NativeLibrary.GetExport(handle, name);
        Connect = (delegate* unmanaged[Cdecl]<int, byte**, void**>)Entry("chdb_connect");
        CloseConnection = (delegate* unmanaged[Cdecl]<void**, void>)Entry("chdb_close_conn");
        Query = (delegate* unmanaged[Cdecl]<void*, byte*, nuint, byte*, nuint, void*>)Entry("chdb_query_n");
        QueryWithParameters = (delegate* unmanaged[Cdecl]<void*, byte*, nuint, byte*, nuint, byte**, nuint*, byte**, nuint*, nuint, void*>)
            Entry("chdb_query_with_params_n");
        StreamWithParameters = (delegate* unmanaged[Cdecl]<void*, byte*, nuint, byte*, nuint, byte**, nuint*, byte**, nuint*, nuint, void*>)
            Entry("chdb_stream_query_with_params_n");
        StreamFetch = (delegate* unmanaged[Cdecl]<void*, void*, void*>)Entry("chdb_stream_fetch_result");
        StreamCancel = (delegate* unmanaged[Cdecl]<void*, void*, void>)Entry("chdb_stream_cancel_query");
        DestroyResult = (delegate* unmanaged[Cdecl]<void*, void>)Entry("chdb_destroy_query_result");
        InsertOpen = (delegate* unmanaged[Cdecl]<void*, byte*, nuint, byte*, nuint, void*>)Entry("chdb_stream_insert_n");
        InsertAppend = (delegate* unmanaged[Cdecl]<void*, byte*, nuint, int>)Entry("chdb_stream_append");
        InsertDone = (delegate* unmanaged[Cdecl]<void*, void*>)Entry("chdb_stream_done");
        InsertCancel = (delegate* unmanaged[Cdecl]<void*, void>)Entry("chdb_stream_cancel_insert");
        InsertError = (delegate* unmanaged[Cdecl]<void*, byte*>)Entry("chdb_stream_insert_error");
        InsertDestroy = (delegate* unmanaged[Cdecl]<void*, void>)Entry("chdb_destroy_insert_stream");
        ResultBuffer = (delegate* unmanaged[Cdecl]<void*, byte*>)Entry("chdb_result_buffer");
        ResultLength = (delegate* unmanaged[Cdecl]<void*, nuint>)Entry("chdb_result_length");
        ResultElapsed = (delegate* unmanaged[Cdecl]<void*, double>)Entry("chdb_result_elapsed");
        ResultRows = (delegate* unmanaged[Cdecl]<void*, ulong>)Entry("chdb_result_rows_read");
        ResultStorageRows = (delegate* unmanaged[Cdecl]<void*, ulong>)Entry("chdb_result_storage_rows_read");
        ResultStorageBytes = (delegate* unmanaged[Cdecl]<void*, ulong>)Entry("chdb_result_storage_bytes_read");
        ResultRowsWritten = (delegate* unmanaged[Cdecl]<void*, ulong>)Entry("chdb_result_rows_written");
        ResultError = (delegate* unmanaged[Cdecl]<void*, byte*>)Entry("chdb_result_error");
        Classify = (delegate* unmanaged[Cdecl]<void*, byte*, nuint, byte*, nuint, Analysis*, int>)Entry("chdb_classify_query_n");
        _setSignalHandlers = (delegate* unmanaged[Cdecl]<int, void>)Entry("chdb_set_signal_handlers_enabled");
        _shutdown = (delegate* unmanaged[Cdecl]<int>)Entry("chdb_shutdown");
    }

    /// <summary>Loads once per process. The library's signal handlers are switched off first, or the runtime's own signal handling hangs.</summary>
    public static ChdbLibrary Load(string path)
    {
        lock (Gate)
        {
            if (_loaded is not null) return _loaded;
            using var kept = SignalDispositions.Keep();
            var library = new ChdbLibrary(path);
            library._setSignalHandlers(0);
            return _loaded = library;
        }
    }

    /// <summary>Joins the engine's threads; every connection must be closed. False when one is still open.</summary>
    public bool Shutdown() => _shutdown() == 0;
}
