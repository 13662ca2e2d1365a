using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.States.Tests;

/// <summary>A Redis that is not as it should be is refused at the start, in words.</summary>
public sealed class RedisStartTests
{
    [Fact]
    public async Task A_server_that_throws_states_away_is_refused()
    {
        await using var redis = await TestRedis.StartAsync("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
        var mistake = Assert.Single(await RedisCheck.MistakesAsync(redis.Options()));
        Assert.Contains("allkeys-lru", mistake, StringComparison.Ordinal);
        Assert.Contains("noeviction", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_not_repeated_in_the_message()
    {
        await using var redis = await TestRedis.StartAsync("--requirepass", "right-one");
        var options = redis.Options();
        Assert.Single(await RedisCheck.MistakesAsync(options));
        options.Password = "wrong-one";
        var mistake = Assert.Single(await RedisCheck.MistakesAsync(options));
        Assert.DoesNotContain("wrong-one", mistake, StringComparison.Ordinal);
        options.Password = "right-one";
        Assert.Empty(await RedisCheck.MistakesAsync(options));
    }

    [Fact]
    public async Task Nobody_at_the_address_is_said_with_the_address()
    {
        await using var redis = await TestRedis.StartAsync();
        var options = redis.Options();
        options.ConnectTimeout = TimeSpan.FromSeconds(1);
        await redis.KillAsync();
        Assert.Contains(redis.Address, Assert.Single(await RedisCheck.MistakesAsync(options)), StringComparison.Ordinal);
    }
}
