using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.States.Tests;

/// <summary>
/// A life of commits with a crash before every step of every one of them, in one script and in pieces. Whoever opens the partition then finds
/// the step whole or not at all, and every fact and message is in the log exactly once, in order.
/// </summary>
public sealed class RedisCrashTests(RedisFixture fixture) : RedisRig(fixture), IClassFixture<RedisFixture>
{
    private const int Commits = 6;

    private sealed class CrashException() : Exception("crash");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_before_any_step_loses_and_repeats_nothing(bool inPieces)
    {
        var crashAt = 0;
        var crashes = 0;
        var known = new Dictionary<string, string>();
        var (done, crashed) = (0, true);
        while (done < Commits)
        {
            await StopAsync();
            var (journal, _) = await StartAsync();
            if (inPieces) (Options.ScriptBytesMax, Options.ScriptStatesMax) = (8, 1);
            var (shelf, opening) = await OpenAsync(journal, Partition);
            // The step that was cut off either counts or never was.
            Assert.InRange(opening.Absorbed, done, done + 1);
            done = (int)opening.Absorbed;
            Assert.Equal(Expected(done), States(shelf));
            AssertPublished(done);
            if (done == Commits) break;
            var step = 0;
            Journal!.Crash = _ => { if (step++ == crashAt) throw new CrashException(); };
            crashed = false;
            try
            {
                Change(shelf, done);
                await journal.CommitAsync(Step(shelf, opening.Epoch, done));
                await Journal.DisposeAsync();
                crashed = step > crashAt;
            }
            catch (CrashException) { crashed = true; }
            // Once every step of this commit was crashed before, the next commit has its turn.
            if (crashed) (crashAt, crashes) = (crashAt + 1, crashes + 1);
            else (done, crashAt) = (done + 1, 0);
        }
        Assert.True(crashes >= Commits, $"only {crashes} crashes");
        AssertPublished(Commits);
    }

    [Fact]
    public async Task A_log_that_refuses_in_the_middle_gets_the_rest_later()
    {
        var (journal, _) = await StartAsync();
        var (shelf, opening) = await OpenAsync(journal, Partition);
        Change(shelf, 0);
        Log.Held = true;
        var commit = journal.CommitAsync(Step(shelf, opening.Epoch, 0));
        while (!Log.HasWaiting) await Task.Yield();
        Log.Release(2);
        Log.Lose();
        Log.Held = false;
        await Assert.ThrowsAsync<LogUnavailableException>(() => commit);
        await Assert.ThrowsAsync<LogUnavailableException>(() => journal.CommitAsync(Entry(shelf, Partition, opening.Epoch, 2)));
        var (again, reopened) = await OpenAsync(journal, Partition);
        Assert.Equal(1, reopened.Absorbed);
        Assert.Equal(Expected(1), States(again));
        AssertPublished(1);
    }
}
