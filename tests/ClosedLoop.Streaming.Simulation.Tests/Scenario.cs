using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Simulation.Tests;

/// <summary>
/// One run from one seed: traffic that comes late, out of order and twice, refused and unreadable records, clock records, changes of rules, and
/// owners that are killed between any two steps. Afterwards it is known what should have happened.
/// </summary>
internal sealed class Scenario : IDisposable
{
    public const long From = 1_795_000_000_000, Day = 86_400_000;
    private readonly Random _random;
    private readonly List<(Sent Sent, long Received)> _again = [];
    private long _version = 2;

    /// <param name="byRule">Leads become mql and sql by rules too. Which ones do depends on when their events came, so that no oracle knows.</param>
    public Scenario(int seed, double crashes = 0.02, bool byRule = false)
    {
        _random = new Random(seed);
        IsByRule = byRule;
        var visitors = _random.Next(1, 7);
        var persons = _random.Next(1, 4);
        var traffic = new Traffic(seed, visitors, persons, From, 20 * Day);
        Engine = new Engine(seed, _random.Next(1, 5), crashes);
        Engine.Publish(new PublishedRules { Version = 1, Site = new Site { Id = "demo", Hosts = ["shop.example"], Version = 1 } }, From);
        Engine.Publish(_version, From, Settings, StageRules());
        var hits = Sent(traffic, visitors, persons)
            .Select(sent => (Sent: sent, Arrives: sent.At + _random.NextInt64(72 * 3_600_000L))).OrderBy(h => h.Arrives).ToList();
        Now = From;
        foreach (var (sent, arrives) in hits)
        {
            Now = Math.Max(Now, arrives);
            Send(sent);
            Happen();
            for (var i = _random.Next(3); i > 0; i--) Engine.Step();
        }
        Now += _random.NextInt64(90 * Day);
        // First the backlog, so that nobody is told of a person after the last clock record.
        Engine.Finish();
        Engine.Tick(Now);
        Engine.Finish();
    }

    // Half of the runs know nothing of joins: there everything else is seen more plainly.
    private List<Sent> Sent(Traffic traffic, int visitors, int persons)
    {
        var all = Enumerable.Range(0, visitors * _random.Next(5, 30)).Select(_ => traffic.Next()).ToList();
        if (_random.Next(2) == 0) return all;
        var meetings = new Meetings(traffic, visitors, persons, From, 20 * Day);
        all.AddRange(meetings.Some(_random.Next(1, 12)));
        for (var i = _random.Next(4); i > 0; i--)
            all.Add(meetings.Borrowed($"v{_random.Next(visitors)}", $"a{_random.Next(persons + 1)}", From + _random.NextInt64(20 * Day)));
        return all;
    }

    public Engine Engine { get; }
    public long Now { get; private set; }
    public byte[] LastTick => Engine.TickAt(Now);
    public IReadOnlyList<NaiveRule> Rules { get; private set; } = NaiveRule.Sets[0];
    /// <summary>Distinct events, as the log has them.</summary>
    public List<Seen> Events { get; } = [];
    public int Repeated { get; private set; }
    public int Refused { get; private set; }
    public int Totals { get; private set; }
    public int Unreadable { get; private set; }

    public bool IsByRule { get; }

    public void Dispose() => Engine.Dispose();

    private StageRuleSetting? StageRules() => !IsByRule ? null : _random.Next(4) switch
    {
        0 => new("true", "orders >= 1 or open_deals >= 1 or page_views >= 3"),
        1 => new("days_since_last_visit > 1"),
        2 => new("count(\"downloaded\",2d) >= 1 or last_satisfaction > 5", "days_in_stage > 3 and stage = \"mql\""),
        _ => null,
    };

    private IReadOnlyList<SegmentSetting> Settings => [.. Rules.Select(r => r.Setting)];

    private void Send(Sent sent)
    {
        var record = sent.Record(Now);
        Engine.Append(record);
        Events.Add(Seen.Of(record));
        if (Seen.Of(record)[Field.EventId].Length > 0 && _random.Next(4) == 0) _again.Add((sent, Now));
        if (_again.Count == 0 || _random.Next(3) != 0) return;
        var (earlier, received) = _again[_random.Next(_again.Count)];
        // Ids are remembered for seven days by the collector's clock.
        if (Now - received >= 7 * Day) return;
        Repeated++;
        Engine.Append(earlier.Again($"again {Repeated} {earlier.Seed}").Record(Now));
    }

    private void Happen()
    {
        switch (_random.Next(40))
        {
            case 0: Other(RecordKind.Refused); Refused++; break;
            case 1: Other(RecordKind.TotalsOnly); Totals++; break;
            case 2:
                Unreadable++;
                Engine.Hits[_random.Next(Engine.Hits.Count)].Add(Encoding.ASCII.GetBytes($"no record {Now}"));
                break;
            case 3 or 4 or 5: Engine.Tick(Now); break;
            case 6 when _random.Next(2) == 0:
                Rules = NaiveRule.Sets[_random.Next(NaiveRule.Sets.Count)];
                Engine.Publish(++_version, Now, Settings, StageRules());
                break;
        }
    }

    private void Other(RecordKind kind) => Engine.Append(new RecordWriter()
        .Begin(kind, Now, Id.OfBytes(Encoding.ASCII.GetBytes($"{kind} {Refused} {Totals}")), "demo"u8, default).Add(Field.Reason, "bad_url"u8).Written.ToArray());
}
