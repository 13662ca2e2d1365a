using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.States.Tests;

/// <summary>
/// A life of commits with a crash before every step of every one of them, in one script and in pieces. Whoever opens the partition then finds
/// the step whole or not at all, and every fact and message is in the log exactly once, in order.
/// </summary>
public sealed class RedisCrashTests(RedisFixture fixture) : JournalRig, IClassFixture<RedisFixture>
{
    private const int Partition = 1, Commits = 6;
    private readonly RedisStatesOptions _options = fixture.Redis.Options();
    private readonly MemoryLog _log = new();
    private RedisLink? _link;
    private RedisJournal? _journal;

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
            if (inPieces) (_options.ScriptBytesMax, _options.ScriptStatesMax) = (8, 1);
            var (shelf, opening) = await OpenAsync(journal, Partition);
            // The step that was cut off either counts or never was.
            Assert.InRange(opening.Absorbed, done, done + 1);
            done = (int)opening.Absorbed;
            Assert.Equal(Expected(done), States(shelf));
            AssertPublished(done);
            if (done == Commits) break;
            var step = 0;
            _journal!.Crash = _ => { if (step++ == crashAt) throw new CrashException(); };
            crashed = false;
            try
            {
                Change(shelf, done);
                await journal.CommitAsync(Step(shelf, opening.Epoch, done));
                await _journal.DisposeAsync();
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
        _log.Held = true;
        var commit = journal.CommitAsync(Step(shelf, opening.Epoch, 0));
        while (!_log.HasWaiting) await Task.Yield();
        _log.Release(2);
        _log.Lose();
        _log.Held = false;
        await Assert.ThrowsAsync<LogUnavailableException>(() => commit);
        await Assert.ThrowsAsync<LogUnavailableException>(() => journal.CommitAsync(Entry(shelf, Partition, opening.Epoch, 2)));
        var (again, reopened) = await OpenAsync(journal, Partition);
        Assert.Equal(1, reopened.Absorbed);
        Assert.Equal(Expected(1), States(again));
        AssertPublished(1);
    }

    [Fact]
    public async Task A_redis_that_lost_its_last_steps_has_them_worked_out_again_and_no_fact_is_said_twice()
    {
        var (journal, _) = await StartAsync();
        var (shelf, opening) = await OpenAsync(journal, Partition);
        string[] keys = [];
        for (var step = 0; step < 4; step++)
        {
            Change(shelf, step);
            await journal.CommitAsync(Step(shelf, opening.Epoch, step) with { Messages = [] });
            await _journal!.DisposeAsync();
            if (step == 1) keys = await DumpAsync();
            (journal, _) = await StartAsync();
            (shelf, opening) = await OpenAsync(journal, Partition);
        }
        await RestoreAsync(keys);
        (shelf, opening) = await OpenAsync(journal, Partition);
        Assert.Equal(2, opening.Absorbed);
        for (var step = 2; step < 6; step++)
        {
            Change(shelf, step);
            await journal.CommitAsync(Step(shelf, opening.Epoch, step) with { Messages = [] });
        }
        Assert.Equal(Enumerable.Range(0, 6).SelectMany(n => new[] { $"fact {n}.1", $"fact {n}.2" }), await ReadAsync(_log, Topic.Facts, Partition));
    }

    // Name and content of every key of this test's prefix, as Redis itself writes them down.
    private async Task<string[]> DumpAsync()
    {
        const string Script = "local all = {} for _, key in ipairs(redis.call('KEYS', ARGV[1])) do all[#all + 1] = key all[#all + 1] = redis.call('DUMP', key) end return all";
        var answer = (StackExchange.Redis.RedisResult[])(await _link!.AskAsync("EVAL", Script, "0", $"{{{_options.Prefix}.*"))!;
        return [.. answer.Select(a => Convert.ToBase64String((byte[])a!))];
    }

    private async Task RestoreAsync(string[] dumped)
    {
        await _link!.AskAsync("EVAL", "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end return 1", "0", $"{{{_options.Prefix}.*");
        for (var i = 0; i < dumped.Length; i += 2)
            await _link.AskAsync("RESTORE", Convert.FromBase64String(dumped[i]), "0", Convert.FromBase64String(dumped[i + 1]));
    }

    protected override async Task<(IJournal Journal, ILog Log)> StartAsync()
    {
        (_options.ScriptBytesMax, _options.ScriptStatesMax) = (512 << 10, 512);
        _link = await RedisLink.OpenAsync(_options);
        _journal = new RedisJournal(_link, _log, new NamedLog("log 1"));
        return (_journal, _log);
    }

    protected override async Task StopAsync()
    {
        if (_journal is not null) await _journal.DisposeAsync();
        _link?.Dispose();
        (_journal, _link) = (null, null);
    }

    private static void Change(Shelf shelf, int number)
    {
        Put(shelf, "steady", "of " + number, (uint)number);
        Put(shelf, "new " + number, new string('x', 10 + number), 0);
        if (number > 0) shelf.Remove(Bytes("new " + (number - 1)));
    }

    private static List<string> Expected(int absorbed) => absorbed == 0
        ? []
        : [$"new {absorbed - 1}={new string('x', 9 + absorbed)}@0", $"steady=of {absorbed - 1}@{absorbed - 1}"];

    private static JournalEntry Step(Shelf shelf, long epoch, int number) => Entry(shelf, Partition, epoch, number + 1, counters: "c" + number) with
    {
        Facts = Framed($"fact {number}.1", $"fact {number}.2"), FactCount = 2,
        Messages = [new JournalMessages(2, 2, Framed($"message {number}.1", $"message {number}.2"))],
    };

    private void AssertPublished(int commits)
    {
        Assert.Equal(Enumerable.Range(0, commits).SelectMany(n => new[] { $"fact {n}.1", $"fact {n}.2" }), ReadAsync(_log, Topic.Facts, Partition).Result);
        Assert.Equal(Enumerable.Range(0, commits).SelectMany(n => new[] { $"message {n}.1", $"message {n}.2" }), ReadAsync(_log, Topic.Hits, 2).Result);
    }
}
