using ClosedLoop.Streaming.Host;
using ClosedLoop.Streaming.Host.Settings;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>Thirty days of silence with a handed-in clock; the system runs in this process, because a program takes no clock from outside.</summary>
public sealed class SilenceTests
{
    [Fact]
    public async Task Thirty_days_of_silence_make_a_warm_visitor_cold()
    {
        Parts.NeedEngine();
        var folder = Directory.CreateTempSubdirectory("closedloop-silence-").FullName;
        await using var sink = await WebhookSink.StartAsync();
        try
        {
            var values = RunningProgram.Settings(folder).ToDictionary(s => s.Key, s => (string?)s.Value);
            values["ClosedLoop:Processor:TickSeconds"] = "1";
            var settings = HostSettings.Read([], values);
            Assert.Empty(settings.Mistakes);
            var time = new ShiftedTime();
            await using (await RunningSystem.StartAsync(settings, TestContext.Current.CancellationToken, time)) await StoryAsync(settings, time, sink);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task StoryAsync(HostSettings settings, ShiftedTime time, WebhookSink sink)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{settings.Port}") };
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", Agents.Browser);
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + RunningProgram.AdminKey);
        var made = await http.PostAsync("/v1/webhooks", new StringContent($$"""{"url":"{{sink.Url}}"}""", null, "application/json"));
        Assert.Equal(201, (int)made.StatusCode);
        // The handler of this client keeps the cookie.
        for (var view = 0; view < 3; view++) Assert.Equal(200, (int)(await http.GetAsync($"/i?e=pv&aid=demo&url=https%3A%2F%2Fshop.example%2F{view}")).StatusCode);
        var warm = await sink.NextAsync(d => d.Text("segment") == "warm", "warm");
        Assert.Equal("cold", warm.Text("previous"));

        time.Ahead(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1));
        var cold = await sink.NextAsync(d => d.Text("segment") == "cold" && d.Person == warm.Person, "cold");
        Assert.Equal("warm", cold.Text("previous"));
        Assert.Equal("silence", cold.Data.GetProperty("cause").GetProperty("kind").GetString());
        Assert.True(cold.Sequence > warm.Sequence);
    }

    /// <summary>The machine's clock and timers, with a date that can be put forward.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        private long _aheadTicks;

        public void Ahead(TimeSpan by) => Interlocked.Add(ref _aheadTicks, by.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));
    }
}
