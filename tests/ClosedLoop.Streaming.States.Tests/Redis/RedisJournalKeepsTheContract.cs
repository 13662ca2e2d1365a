using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.States.Tests;

/// <summary>One server for all tests of a class.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    internal TestRedis Redis { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Redis = await TestRedis.StartAsync();

    public ValueTask DisposeAsync() => Redis is null ? default : Redis.DisposeAsync();
}

/// <summary>With usual bounds, and with bounds so small that every step goes in pieces.</summary>
public abstract class RedisJournalContract(RedisFixture fixture, bool inPieces) : JournalContract
{
    private readonly RedisStatesOptions _options = fixture.Redis.Options();
    private readonly MemoryLog _log = new();
    private RedisLink? _link;
    private RedisJournal? _journal;

    protected override async Task<(IJournal Journal, ILog Log)> StartAsync()
    {
        _link = await RedisLink.OpenAsync(_options);
        // Below what a setting allows: even a few bytes go in pieces then.
        if (inPieces) (_options.ScriptBytesMax, _options.ScriptStatesMax) = (8, 1);
        _journal = new RedisJournal(_link, _log, new NamedLog("log 1"));
        return (_journal, _log);
    }

    protected override async Task StopAsync()
    {
        if (_journal is not null) await _journal.DisposeAsync();
        _link?.Dispose();
        (_journal, _link) = (null, null);
        (_options.ScriptBytesMax, _options.ScriptStatesMax) = (512 << 10, 512);
    }
}

public sealed class RedisJournalKeepsTheContract(RedisFixture fixture) : RedisJournalContract(fixture, inPieces: false), IClassFixture<RedisFixture>;

public sealed class RedisJournalInPiecesKeepsTheContract(RedisFixture fixture) : RedisJournalContract(fixture, inPieces: true), IClassFixture<RedisFixture>;
