using System.Diagnostics.Metrics;

namespace ClosedLoop.Streaming.Collector.Tests;

public class OptionsTests
{
    [Fact]
    public void The_defaults_have_no_mistake() => Assert.Empty(new CollectorOptions().Mistakes());

    [Fact]
    public void Every_mistake_is_said_at_once_with_what_is_allowed()
    {
        var mistakes = new CollectorOptions { CookieDays = 400, BodyBytesMax = 0, TrustedProxies = ["10.0.0.0/8", "my-proxy"] }.Mistakes();
        Assert.Equal(3, mistakes.Count);
        Assert.Contains(mistakes, m => m.Contains("CookieDays is 400; allowed are 1 to 390 days", StringComparison.Ordinal));
        Assert.Contains(mistakes, m => m.Contains("'my-proxy'", StringComparison.Ordinal) && m.Contains("CLOSEDLOOP_TRUSTED_PROXIES", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_refusal_has_a_name_of_its_own_and_a_status()
    {
        var all = Enum.GetValues<Refusal>().Where(r => r != Refusal.None).ToList();
        Assert.Equal(all.Count, all.Select(r => r.Name()).Distinct().Count());
        Assert.All(all, r => Assert.Matches("^[a-z_]{4,24}$", r.Name()));
        Assert.All(all, r => Assert.Contains(r.Status(), new[] { 202, 400, 401, 404, 405, 413, 415, 503 }));
    }

    [Fact]
    public async Task Accepted_and_refused_hits_are_counted_by_site_door_and_reason()
    {
        await using var door = TestDoor.Open();
        await door.GetAsync("/i");
        await door.GetAsync("/i");
        await door.GetAsync("/i?aid=nobody");
        await door.EventsAsync("""[{"event":"click","visitor_id":"a"},{}]""");
        var counts = new System.Collections.Concurrent.ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) => { if (instrument.Meter == door.Meter) listener.EnableMeasurementEvents(instrument); },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var labels = string.Join(',', tags.ToArray().Select(t => t.Value));
            counts[$"{instrument.Name}{{{labels}}}"] = value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Equal(2, counts["closedloop_hits_accepted_total{demo,pixel}"]);
        Assert.Equal(1, counts["closedloop_hits_accepted_total{demo,events}"]);
        Assert.Equal(1, counts["closedloop_hits_refused_total{unknown_site}"]);
        Assert.Equal(1, counts["closedloop_hits_refused_total{not_an_event}"]);
    }
}
