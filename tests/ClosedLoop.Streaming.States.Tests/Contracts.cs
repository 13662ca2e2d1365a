using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.States.Tests;

public sealed class MemoryJournalKeepsTheContract : JournalContract
{
    private readonly MemoryStates _states = new();
    private readonly MemoryLog _log = new();

    protected override Task<(IJournal Journal, ILog Log)> StartAsync() => Task.FromResult<(IJournal, ILog)>((new MemoryJournal(_states, _log), _log));

    protected override Task StopAsync() => Task.CompletedTask;
}

public sealed class EmbeddedJournalKeepsTheContract : JournalContract
{
    private readonly StatesFolder _folder = new();

    protected override Task<(IJournal Journal, ILog Log)> StartAsync()
    {
        _folder.Open();
        return Task.FromResult<(IJournal, ILog)>((_folder.Journal, _folder.Log));
    }

    protected override Task StopAsync() => _folder.CloseAsync();
}
