using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.States.Tests;

/// <summary>Embedded states, a log elsewhere: everything that a commit publishes gets there once and in order, through crashes and refusals.</summary>
public sealed class OutboxRelayTests : JournalRig
{
    private readonly StatesFolder _folder = new();
    private readonly MemoryLog _log = new();
    private OutboxRelay? _relay;
    private string _identity = "log 1";

    [Fact]
    public async Task Facts_and_messages_are_brought_over_once_and_in_order()
    {
        var random = new Random(5);
        var commits = 0;
        for (var life = 0; life < 6; life++)
        {
            var (journal, _) = await StartAsync();
            var (shelf, opening) = await OpenAsync(journal, 1);
            Assert.Equal(commits, opening.Absorbed);
            for (var i = 0; i < 20; i++)
            {
                if (i == 10) (_log.Held, _log.Refusal) = (life % 2 == 0, life % 2 == 1 ? new LogUnavailableException("away", "The test took the log away.") : null);
                await journal.CommitAsync(Entry(shelf, 1, opening.Epoch, commits + 1) with
                {
                    Facts = Framed($"fact {commits}"), FactCount = 1, Messages = [new JournalMessages(2, 1, Framed($"message {commits}"))],
                });
                commits++;
            }
            // Some of what waits got through, and nobody heard of it.
            if (_log.Held)
            {
                while (!_log.HasWaiting) await Task.Yield();
                _log.Release(random.Next(1, 3));
                _log.Lose();
            }
            _log.Refusal = null;
            await StopAsync();
            _log.Lose();
            _log.Held = false;
        }
        await StartAsync();
        await UntilAsync(() => _log.EndOffset(Topic.Facts, 1) >= commits && _log.EndOffset(Topic.Hits, 2) >= commits);
        Assert.Equal(Enumerable.Range(0, commits).Select(n => $"fact {n}"), await ReadAsync(_log, Topic.Facts, 1));
        Assert.Equal(Enumerable.Range(0, commits).Select(n => $"message {n}"), await ReadAsync(_log, Topic.Hits, 2));
    }

    [Fact]
    public async Task Another_log_is_refused()
    {
        await StartAsync();
        await StopAsync();
        _identity = "log 2";
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(StartAsync);
        Assert.Contains("log 1", refusal.Message, StringComparison.Ordinal);
    }

    protected override async Task<(IJournal Journal, ILog Log)> StartAsync()
    {
        _folder.Open();
        _relay = new OutboxRelay(_folder.File, _log, new NamedLog(_identity), TimeProvider.System, NullLogger<OutboxRelay>.Instance);
        await _relay.StartAsync(CancellationToken.None);
        return (_folder.Journal, _log);
    }

    protected override async Task StopAsync()
    {
        if (_relay is not null)
        {
            await _relay.StopAsync(CancellationToken.None);
            _relay.Dispose();
        }
        _relay = null;
        await _folder.CloseAsync();
    }

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        var soon = Soon;
        while (!isTrue())
        {
            soon.ThrowIfCancellationRequested();
            await Task.Delay(10);
        }
    }
}
