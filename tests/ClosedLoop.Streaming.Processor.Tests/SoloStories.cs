using System.Buffers.Binary;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>
/// The same log worked on by one core per partition and by cores that know one actor at a time, in batches: the same states to the byte, the
/// same facts, the same counters. That is what lets people live apart, each in a place of its own.
/// </summary>
public sealed class SoloStories
{
    private const long From = 1_795_000_000_000, Day = 86_400_000;
    private const int Partitions = 3;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(3, 60)]
    [InlineData(4, 500)]
    public void Actors_that_live_apart_decide_as_one_core_decides(int seed, int batchMax)
    {
        using var world = new World.World(Partitions, publishedMs: From);
        var traffic = new Traffic(seed, 40, 15, From, 20 * Day);
        var hits = Enumerable.Range(0, 500).Select(_ => traffic.Next()).OrderBy(h => h.At).ToList();
        foreach (var (hit, at) in hits.Select((h, i) => (h, i)))
        {
            world.Append(hit.Record(Math.Max(hit.At, From) + 1));
            if (at % 150 == 149) world.Tick(hit.At + 1);
        }
        world.Run();
        world.Tick(From + 60 * Day);
        world.Run();
        foreach (var partition in world.Partitions)
        {
            using var apart = new Apart();
            apart.Work(partition.Hits, batchMax);
            Assert.Equal(partition.Durable.Keys.Order(StringComparer.Ordinal), apart.States.Keys.Order(StringComparer.Ordinal));
            foreach (var (key, (_, due, state)) in partition.Durable) Assert.Equal((due, Convert.ToHexString(state)), (apart.States[key].Due, Convert.ToHexString(apart.States[key].State)));
            Assert.Equal(Sorted(partition.Facts), Sorted(apart.Facts));
            Assert.Equal(partition.Core.Bench.Counters.Write(), apart.Desk.Bench.Counters.Write());
        }
    }

    private static IEnumerable<string> Sorted(IEnumerable<byte[]> facts) => facts.Select(Convert.ToHexString).Order(StringComparer.Ordinal);

    /// <summary>A partition whose people are only bytes between two calls.</summary>
    private sealed class Apart : IDisposable
    {
        private readonly Shelf _shelf = new();
        private SoloCore _solo = new(Partitions, default);

        public Apart() => Desk = new PartitionCore(_shelf, Partitions);

        public PartitionCore Desk { get; }
        public Dictionary<string, (uint Due, byte[] State)> States { get; } = [];
        public List<byte[]> Facts { get; } = [];

        public void Work(List<byte[]> hits, int batchMax)
        {
            var reader = new RecordReader();
            var waiting = new Dictionary<string, List<byte[]>>();
            for (var i = 0; i < hits.Count; i++)
            {
                var route = Route.Of(hits[i], reader);
                if (route.Kind == RouteKind.Actor)
                {
                    var name = Convert.ToHexString(route.ShelfKey);
                    if (!waiting.TryGetValue(name, out var records)) waiting[name] = records = [];
                    records.Add(hits[i]);
                    if (waiting.Count < batchMax && i + 1 < hits.Count) continue;
                }
                foreach (var (name, records) in waiting) Run(name, Framed(records), 0);
                waiting.Clear();
                if (route.Kind == RouteKind.Actor) continue;
                if (route.Kind == RouteKind.Clock) Wake(reader.TimeMs);
                Desk.Handle(hits[i]);
                TakeDesk(route.Kind == RouteKind.Rules);
            }
            foreach (var (name, records) in waiting) Run(name, Framed(records), 0);
        }

        public void Dispose()
        {
            _solo.Dispose();
            _shelf.Dispose();
        }

        private void Wake(long nowMs)
        {
            var due = States.Where(s => s.Value.Due > 0 && s.Value.Due <= nowMs / 1000).OrderBy(s => s.Value.Due).ThenBy(s => s.Key, StringComparer.Ordinal);
            foreach (var name in due.Select(s => s.Key).ToList()) Run(name, [], nowMs);
        }

        private void Run(string name, byte[] records, long wakeMs)
        {
            var outcome = _solo.Run(Convert.FromHexString(name), States.TryGetValue(name, out var known) ? known.State : [], records, wakeMs);
            if (outcome.IsChanged) States[name] = (outcome.DueSeconds, outcome.State);
            Desk.Bench.Counters.Add(outcome.Counters);
            Facts.AddRange(Unframed(outcome.Facts));
        }

        private void TakeDesk(bool areRulesNew)
        {
            for (var slot = 0; slot < _shelf.SlotCount; slot++)
                if (_shelf.TryReadSlot(slot, out ShelfItem item)) States[Convert.ToHexString(item.Key)] = (item.DueSeconds, item.State.ToArray());
            Facts.AddRange(Unframed(Desk.Bench.Outbox.Facts()));
            Desk.Bench.Outbox.Clear();
            if (!areRulesNew) return;
            _solo.Dispose();
            _solo = new SoloCore(Partitions, States[Convert.ToHexString(Route.PublishedShelfKey)].State);
        }

        private static byte[] Framed(List<byte[]> records)
        {
            var framed = new List<byte>();
            foreach (var record in records)
            {
                var length = new byte[4];
                BinaryPrimitives.WriteInt32LittleEndian(length, record.Length);
                framed.AddRange([.. length, .. record]);
            }
            return [.. framed];
        }

        private static IEnumerable<byte[]> Unframed(byte[] bytes)
        {
            for (var at = 0; at < bytes.Length;)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
                yield return bytes[(at + 4)..(at + 4 + length)];
                at += 4 + length;
            }
        }
    }
}
