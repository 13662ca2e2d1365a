namespace ClosedLoop.Streaming.Warehouse;

/// <summary>Settings of the room, section <c>ClosedLoop:Warehouse</c>.</summary>
public sealed class WarehouseOptions
{
    public const string Section = "ClosedLoop:Warehouse";

    /// <summary>Folder of the embedded warehouse; one process at a time.</summary>
    public string Folder { get; set; } = "./data/warehouse";

    /// <summary>libchdb.so or a folder that holds it; empty: searched for.</summary>
    public string? LibraryPath { get; set; }

    /// <summary>Address of a ClickHouse server to use instead (<c>CLOSEDLOOP_CLICKHOUSE_URL</c>): http(s)://user:password@host:port.</summary>
    public string? ServerUrl { get; set; }

    /// <summary>User of the server; empty: the one in its address, else <c>default</c>.</summary>
    public string? ServerUser { get; set; }

    /// <summary>Password of that user; empty: the one in the address.</summary>
    public string? ServerPassword { get; set; }

    /// <summary>PEM file with the authorities to trust for an https address; empty: those of the machine.</summary>
    public string? ServerCaFile { get; set; }

    /// <summary>True where this process brings a server's schema up to date; false where it only looks whether the schema is its own.</summary>
    public bool AppliesSchema { get; set; } = true;

    /// <summary>True: an insert is on the disk when confirmed. False with durability <c>pagecache</c>.</summary>
    public bool Synced { get; set; } = true;

    /// <summary>Bytes that the engine may use over all queries, merges and inserts.</summary>
    public long ServerMemoryBytesMax { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Bytes of the engine's cache of marks.</summary>
    public long MarkCacheBytesMax { get; set; } = 64L * 1024 * 1024;

    /// <summary>Reads that run side by side; more wait.</summary>
    public int ConcurrentQueriesMax { get; set; } = 4;

    /// <summary>Reads that wait for a place; more are refused.</summary>
    public int WaitingQueriesMax { get; set; } = 64;

    /// <summary>How long a read waits for a place.</summary>
    public TimeSpan QueryWaitMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Rows of one batch, all tables together.</summary>
    public int BatchRowsMax { get; set; } = 100_000;

    /// <summary>Bytes of facts in one batch.</summary>
    public int BatchBytesMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long the first fact of a batch may wait for more.</summary>
    public TimeSpan BatchAgeMax { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a batch waits for more when nothing comes.</summary>
    public TimeSpan BatchIdleMax { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Bytes of one read from the log.</summary>
    public int ReadBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>Longest pause between two attempts of an insert.</summary>
    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Address and port of the read-only ClickHouse HTTP port; port 0 takes any free one.</summary>
    public string PortBind { get; set; } = "127.0.0.1";

    public int Port { get; set; } = 8123;

    /// <summary>User of the read-only port.</summary>
    public string PortUser { get; set; } = "dashboard";

    /// <summary>Password of that user; empty: nobody gets in.</summary>
    public string PortPassword { get; set; } = "";

    /// <summary>Bytes of a query sent to the port.</summary>
    public int PortQueryBytesMax { get; set; } = 1024 * 1024;

    /// <summary>All mistakes, each with what is allowed and where to change it; empty when there are none.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        void Check(bool good, string name, object? value, string allowed)
        {
            if (!good) mistakes.Add($"{Section}:{name} is {value ?? "empty"}; allowed is {allowed}.");
        }

        Check(!string.IsNullOrWhiteSpace(Folder), nameof(Folder), Folder, "a folder");
        var server = Uri.TryCreate(ServerUrl, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;
        Check(string.IsNullOrEmpty(ServerUrl) || server is not null, nameof(ServerUrl), "set", "an http or https address (CLOSEDLOOP_CLICKHOUSE_URL)");
        Check(server is null || server.Query.Length + server.Fragment.Length == 0, nameof(ServerUrl), "followed by more than a path",
            "http(s)://user:password@host:port (CLOSEDLOOP_CLICKHOUSE_URL); the database is always closedloop");
        Check(string.IsNullOrEmpty(ServerCaFile) || File.Exists(ServerCaFile), nameof(ServerCaFile), ServerCaFile, "a PEM file that exists");
        Check(ServerMemoryBytesMax is >= 256L << 20 and <= 1L << 44, nameof(ServerMemoryBytesMax), ServerMemoryBytesMax, "268435456 bytes and more");
        Check(MarkCacheBytesMax is >= 1 << 20 and <= 1L << 40, nameof(MarkCacheBytesMax), MarkCacheBytesMax, "1048576 bytes and more");
        Check(ConcurrentQueriesMax is >= 1 and <= 64, nameof(ConcurrentQueriesMax), ConcurrentQueriesMax, "1 to 64");
        Check(WaitingQueriesMax is >= 0 and <= 10_000, nameof(WaitingQueriesMax), WaitingQueriesMax, "0 to 10000");
        Check(BatchRowsMax is >= 1 and <= 1_000_000, nameof(BatchRowsMax), BatchRowsMax, "1 to 1000000 rows (a larger batch is not atomic)");
        Check(BatchBytesMax is >= 1 << 20 and <= 256 << 20, nameof(BatchBytesMax), BatchBytesMax, "1048576 to 268435456 bytes");
        Check(ReadBytesMax is >= 64 << 10 and <= 64 << 20, nameof(ReadBytesMax), ReadBytesMax, "65536 to 67108864 bytes");
        Check(BatchAgeMax > TimeSpan.Zero && BatchAgeMax <= TimeSpan.FromSeconds(60), nameof(BatchAgeMax), BatchAgeMax, "up to 60 s");
        Check(BatchIdleMax >= TimeSpan.Zero && BatchIdleMax <= BatchAgeMax, nameof(BatchIdleMax), BatchIdleMax, "at most BatchAgeMax");
        Check(Port is >= 0 and <= 65_535, nameof(Port), Port, "0 to 65535 (CLOSEDLOOP_CLICKHOUSE_PORT)");
        Check(System.Net.IPAddress.TryParse(PortBind, out _), nameof(PortBind), PortBind, "an address (CLOSEDLOOP_BIND)");
        return mistakes;
    }
}
