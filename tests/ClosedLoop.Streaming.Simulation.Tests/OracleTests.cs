using System.Text;
using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.Visitors.Sources;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Simulation.Tests;

/// <summary>PROOF.md §2: a slow, obvious reference for sessions, channels and attribution, equal to the engine on every generated journey.</summary>
public class OracleTests
{
    private const int Journeys = 20_000;
    private static readonly SiteRules Rules = new() { Hosts = new HostSet(["shop.example"]) };
    private static readonly AttributionModel[] Models = [.. ModelNames.All];

    [Fact]
    public void Sessions_channels_and_credit_equal_the_naive_ones()
    {
        var history = new History();
        var person = new Person();
        var reader = new RecordReader();
        var (sessions, conversions) = (0, 0);
        for (var journey = 0; journey < Journeys; journey++)
        {
            var traffic = new Traffic(journey, 1, 1, Scenario.From, (1 + journey % 5) * 30 * Scenario.Day);
            var hits = Enumerable.Range(0, traffic.Random.Next(1, 16)).Select(_ => traffic.Next().Record(Scenario.From + 200 * Scenario.Day)).ToList();
            history.Clear();
            foreach (var hit in hits.OrderBy(h => Seen.Of(h).At))
            {
                reader.TryRead(hit);
                HistoryWriter.Apply(history, reader, HitSource.ForMemory(HitSource.Of(reader, Rules)), Rules);
            }
            var seen = hits.Select(Seen.Of).OrderBy(e => e.At).ThenBy(e => e.Key).ToList();
            var naive = NaiveSessions.Of(seen);
            sessions += naive.Count;
            Assert.True(Expected(naive).SequenceEqual(Actual(history)), $"journey {journey}:\n{string.Join('\n', Expected(naive))}\n— but —\n{string.Join('\n', Actual(history))}");
            conversions += SameCredit(journey, person.Of(history), naive);
        }
        Assert.True(sessions > Journeys && conversions > Journeys / 2, $"{sessions} sessions, {conversions} conversions");
    }

    private static IEnumerable<string> Expected(List<NaiveSession> sessions) =>
        sessions.Select(s => $"{s.Start} {s.End} {s.Hits} {s.PageViews} {s.Source?.Channel ?? "Direct"} {s.Source?.Campaign}");

    private static List<string> Actual(History history) =>
        [.. history.Sessions.Span.ToArray().Select(s => $"{s.Start} {s.End} {s.Hits} {s.PageViews} {Encoding.UTF8.GetString(history.ChannelOf(s.Source))} "
            + (s.Source < 0 ? "" : Encoding.UTF8.GetString(history[history.Sources[s.Source].Campaign])))];

    private static int SameCredit(int journey, Person person, List<NaiveSession> sessions)
    {
        var conversions = new List<ConversionOf>();
        Conversions.Of(person, "demo"u8, conversions);
        var touches = new PersonTouches();
        touches.Read(person, "demo"u8, _ => Encoding.UTF8.GetBytes("v0"));
        var channels = sessions.Select(s => (s.Start, Id: FactWriter.SessionId("demo"u8, "v0"u8, s.Key), Direct: s.Source is null or { Channel: "Direct" })).ToList();
        foreach (var what in conversions)
        {
            var rows = new List<CreditRow>();
            Attribution.Post(new Conversion(what.Id, what.At, what.Value), touches.Touches, 90, Models, rows);
            foreach (var model in Models)
            {
                var own = rows.Where(r => r.Model == model).ToList();
                var naive = NaiveCredit.Of(model, channels, what.At, 90);
                Assert.True(own.Sum(r => r.Amount) == what.Value && own.Sum(r => r.Share) == CreditRow.ShareWhole, $"journey {journey}: {model} doesn't sum");
                foreach (var row in own)
                    Assert.True(Math.Abs((double)row.Amount - naive.GetValueOrDefault(row.Touch) * what.Value) <= 100, $"journey {journey}: {model} {row.Touch} {row.Amount} of {what.Value}");
                foreach (var (touch, share) in naive.Where(n => n.Value > 0.00001))
                    Assert.True(own.Exists(r => r.Touch == touch), $"journey {journey}: {model} leaves out {touch} with {share}");
            }
        }
        return conversions.Count;
    }
}
