using System.Text;

namespace ClosedLoop.Streaming.Log.Tests;

public sealed class KillTests : IDisposable
{
    private readonly LogFolder _folder = new();

    private static int Rounds => Environment.GetEnvironmentVariable("CLOSEDLOOP_TEST_LONG") == "1" ? 100 : 3;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Durability.Disk)]
    [InlineData(Durability.PageCache)]
    public async Task After_every_kill_all_that_was_acknowledged_is_there_once(Durability durability)
    {
        var random = new Random(20261121);
        var acknowledged = new HashSet<string>();
        for (var round = 0; round < Rounds; round++)
        {
            var names = await Victim.KillAfterAsync(_folder.Database, durability, $"r{round}", random.Next(200, 6000));
            Assert.All(names, name => Assert.True(acknowledged.Add(name), name));
            using var file = _folder.Open(o => o.Durability = durability);
            var hits = await NamesAsync(file, Topic.Hits);
            var facts = await NamesAsync(file, Topic.Facts);
            Assert.Empty(new EmbeddedLog(file).Damages);
            Assert.Equal(hits.Count, hits.Distinct().Count());
            Assert.Empty(acknowledged.Except(hits).Except(facts));
            // A unit lands whole: both of its records, and its row.
            Assert.All(facts.CountBy(name => name), pair => Assert.Equal(2, pair.Value));
            using var reader = file.OpenReader();
            Assert.Equal(facts.Count / 2, Schema.Scalar(reader, "SELECT count(*) FROM pairs"));
        }
    }

    private static async Task<List<string>> NamesAsync(EmbeddedFile file, Topic topic)
    {
        var log = new EmbeddedLog(file);
        var names = new List<string>();
        for (var partition = 0; partition < log.Partitions; partition++)
        {
            var end = log.EndOffset(topic, partition);
            for (long at = 0; at < end;)
            {
                var slice = await log.ReadAsync(topic, partition, at, 256 * 1024, default);
                Assert.Equal(at, slice.FirstOffset);
                foreach (var record in slice) names.Add(Name(record.Span, topic));
                at = slice.Next;
            }
        }
        return names;
    }

    private static string Name(ReadOnlySpan<byte> record, Topic topic)
    {
        if (topic == Topic.Facts) return Encoding.ASCII.GetString(record);
        var name = Encoding.ASCII.GetString(record[..record.IndexOf((byte)0)]);
        var number = int.Parse(name[(name.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(record.SequenceEqual(Victim.Record(name, number)), name);
        return name;
    }
}
