using ClosedLoop.Streaming.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>
/// A whole messenger without threads: facts are handed over one by one, the clock moves when told, bookkeeping is written when told.
/// Stopping and starting again keeps only what a process keeps: the log, its positions and the file.
/// </summary>
public sealed class Messenger : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webhooks-").FullName;
    private LaneContext _with = null!;
    private Lanes _lanes = null!;
    private Bookkeeper _books = null!;
    private FactReader _reader = null!;
    private PartitionProgress[] _progress = null!;
    private WebhooksTelemetry _telemetry = null!;

    public Messenger(WebhooksOptions? options = null)
    {
        Options = options ?? new WebhooksOptions();
        Sender = new ScriptedSender(Time);
        Settings = new MemorySettings(MemorySettings.Keys);
        File = new PlainFile(Path.Combine(_folder, "log.db"));
    }

    public WebhooksOptions Options { get; }
    public ManualTime Time { get; } = new();
    public MemoryLog Log { get; } = new(1);
    public ScriptedSender Sender { get; }
    public MemorySettings Settings { get; }
    public PlainFile File { get; private set; }
    public IWebhookDeliveries Deliveries { get; private set; } = null!;
    public Func<string, System.Net.IPAddress[]> Names { get; set; } = _ => [System.Net.IPAddress.Parse("93.184.216.34")];
    internal DeliveryLoad Load => _with.Load;
    public long Position => Log.Position(Bookkeeper.Reader, 0);

    public static async Task<Messenger> StartAsync(WebhooksOptions? options = null, Action<Messenger>? prepare = null)
    {
        var messenger = new Messenger(options);
        prepare?.Invoke(messenger);
        await messenger.StartAsync();
        return messenger;
    }

    /// <summary>Starts, and takes again all facts behind the committed position.</summary>
    public async Task StartAsync()
    {
        _telemetry = new WebhooksTelemetry();
        var store = new SqliteDeliveryStore(File, Options, Time, _telemetry);
        _with = new LaneContext(Options, Time, Sender, store, Settings, _telemetry, NullLogger.Instance);
        var guard = new AddressGuard(Options.Allow);
        _lanes = new Lanes(_with, guard, MemorySettings.Keys);
        _books = new Bookkeeper(Log, _lanes, _with);
        Deliveries = new WebhookDeliveries(_lanes, _with, new RefusalCheck(guard, new GuardedConnector(guard, new ScriptedResolver(name => Names(name))), _with.Time));
        await store.OpenAsync(default);
        _progress = await _books.OpenAsync(default);
        _lanes.Restore(store);
        Settings.Changed += _lanes.Apply;
        _lanes.Apply(Settings.Current);
        _reader = new FactReader(_lanes, _with, MemorySettings.Keys);
        for (var offset = Position; offset < Log.EndOffset(Topic.Facts, 0); offset++) await TakeAsync(offset);
    }

    /// <summary>kill -9: nothing is written down.</summary>
    public void Crash()
    {
        Settings.Changed -= _lanes.Apply;
        _lanes.Stop();
        _lanes.Dispose();
        _with.CutOff();
    }

    public async Task FactAsync(byte[] fact)
    {
        await Log.AppendAsync(Topic.Facts, 0, fact);
        await TakeAsync(Log.EndOffset(Topic.Facts, 0) - 1);
    }

    private async Task TakeAsync(long offset)
    {
        var slice = await Log.ReadAsync(Topic.Facts, 0, offset, 1, default);
        var record = slice.GetEnumerator();
        record.MoveNext();
        if (MessageType.Concerns(record.Current.Span)) _reader.Take(record.Current, offset, _progress[0]);
        _progress[0].Read(offset + 1);
    }

    public Task<bool> WriteAsync(bool everything = true) => _books.FlushAsync(everything);

    public async ValueTask DisposeAsync()
    {
        Crash();
        _books.Dispose();
        _telemetry.Dispose();
        File.Dispose();
        await Task.Yield();
        Directory.Delete(_folder, recursive: true);
    }
}

public sealed class ScriptedResolver(Func<string, System.Net.IPAddress[]> answer) : INameResolver
{
    public Task<System.Net.IPAddress[]> ResolveAsync(string host, CancellationToken cancel) => Task.FromResult(answer(host));
}
