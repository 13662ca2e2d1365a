using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.States.Tests;

/// <summary>A journal in Redis over a log in memory, and steps whose states, facts and messages are known by their number.</summary>
public abstract class RedisRig(RedisFixture fixture) : JournalRig
{
    protected const int Partition = 1;

    protected RedisStatesOptions Options { get; } = fixture.Redis.Options();
    protected MemoryLog Log { get; } = new();
    protected RedisLink? Link { get; private set; }
    private protected RedisJournal? Journal { get; private set; }

    protected override async Task<(IJournal Journal, ILog Log)> StartAsync()
    {
        (Options.ScriptBytesMax, Options.ScriptStatesMax) = (512 << 10, 512);
        Link = await RedisLink.OpenAsync(Options);
        Journal = new RedisJournal(Link, Log, new NamedLog("log 1"));
        return (Journal, Log);
    }

    protected override async Task StopAsync()
    {
        if (Journal is not null) await Journal.DisposeAsync();
        Link?.Dispose();
        (Journal, Link) = (null, null);
    }

    protected static void Change(Shelf shelf, int number)
    {
        Put(shelf, "steady", "of " + number, (uint)number);
        Put(shelf, "new " + number, new string('x', 10 + number), 0);
        if (number > 0) shelf.Remove(Bytes("new " + (number - 1)));
    }

    protected static List<string> Expected(int absorbed) => absorbed == 0
        ? []
        : [$"new {absorbed - 1}={new string('x', 9 + absorbed)}@0", $"steady=of {absorbed - 1}@{absorbed - 1}"];

    protected static JournalEntry Step(Shelf shelf, long epoch, int number) => Entry(shelf, Partition, epoch, number + 1, counters: "c" + number) with
    {
        Facts = Framed($"fact {number}.1", $"fact {number}.2"), FactCount = 2,
        Messages = [new JournalMessages(2, 2, Framed($"message {number}.1", $"message {number}.2"))],
    };

    protected void AssertPublished(int commits)
    {
        Assert.Equal(Enumerable.Range(0, commits).SelectMany(n => new[] { $"fact {n}.1", $"fact {n}.2" }), ReadAsync(Log, Topic.Facts, Partition).Result);
        Assert.Equal(Enumerable.Range(0, commits).SelectMany(n => new[] { $"message {n}.1", $"message {n}.2" }), ReadAsync(Log, Topic.Hits, 2).Result);
    }
}
