using ClosedLoop.Streaming.Log;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.States.Tests;

/// <summary>The embedded file with somebody who looks at each unit: may refuse it, and is told when it is durable.</summary>
internal sealed class WatchedFile(IEmbeddedFile inner) : IEmbeddedFile
{
    private int _units;

    /// <summary>Given the unit and its number from 1; true refuses it, as a full disk does.</summary>
    public Func<CommitUnit, int, bool> Refuses { get; set; } = (_, _) => false;

    /// <summary>Runs after each unit that was taken, before its submitter hears of it.</summary>
    public Func<int, Task> Durable { get; set; } = _ => Task.CompletedTask;

    public async Task SubmitAsync(CommitUnit unit)
    {
        var number = Interlocked.Increment(ref _units);
        if (Refuses(unit, number)) throw new LogUnavailableException("disk_full", "The test's disk is full.");
        await inner.SubmitAsync(unit);
        await Durable(number);
    }

    public SqliteConnection OpenReader() => inner.OpenReader();
}
