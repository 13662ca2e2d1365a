using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.States.Tests;

/// <summary>A Redis that comes back as it was some steps ago, as after a power loss with appendfsync everysec.</summary>
public sealed class RedisLostWritesTests(RedisFixture fixture) : RedisRig(fixture), IClassFixture<RedisFixture>
{
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
            await Journal!.DisposeAsync();
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
        Assert.Equal(Enumerable.Range(0, 6).SelectMany(n => new[] { $"fact {n}.1", $"fact {n}.2" }), await ReadAsync(Log, Topic.Facts, Partition));
    }

    // Name and content of every key of this test's prefix, as Redis itself writes them down.
    private async Task<string[]> DumpAsync()
    {
        const string Script = "local all = {} for _, key in ipairs(redis.call('KEYS', ARGV[1])) do all[#all + 1] = key all[#all + 1] = redis.call('DUMP', key) end return all";
        var answer = (StackExchange.Redis.RedisResult[])(await Link!.AskAsync("EVAL", Script, "0", $"{{{Options.Prefix}.*"))!;
        return [.. answer.Select(a => Convert.ToBase64String((byte[])a!))];
    }

    private async Task RestoreAsync(string[] dumped)
    {
        await Link!.AskAsync("EVAL", "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end return 1", "0", $"{{{Options.Prefix}.*");
        for (var i = 0; i < dumped.Length; i += 2)
            await Link.AskAsync("RESTORE", Convert.FromBase64String(dumped[i]), "0", Convert.FromBase64String(dumped[i + 1]));
    }
}
