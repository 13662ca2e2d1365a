namespace ClosedLoop.Streaming.Integration.Tests.Running;

/// <summary>Waiting for what comes by itself. The limit only ends a test that would wait for ever; it decides nothing.</summary>
internal static class Soon
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(240);

    /// <summary>The first value that is not null.</summary>
    public static async Task<T> FindAsync<T>(Func<Task<T?>> look, Func<string> what, int everyMs = 50) where T : class
    {
        var until = DateTimeOffset.UtcNow + WaitMax;
        while (true)
        {
            if (await look() is { } found) return found;
            Assert.True(DateTimeOffset.UtcNow < until, $"Not within {WaitMax.TotalSeconds:0} s: {what()}");
            await Task.Delay(everyMs);
        }
    }

    public static async Task BeTrueAsync(Func<Task<bool>> look, Func<string> what) => await FindAsync<object>(async () => await look() ? what : null, what);

    public static Task BeTrueAsync(Func<bool> look, Func<string> what, int everyMs = 50) => FindAsync<object>(() => Task.FromResult<object?>(look() ? what : null), what, everyMs);
}
