using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Integration.Tests.Running;

/// <summary>The topic of facts as it lies at the broker, in its order: what processors really said, and how often.</summary>
internal sealed class Facts
{
    public Dictionary<string, int> StoredEvents { get; } = new(StringComparer.Ordinal);
    public List<string> Violations { get; } = [];
    public int Count { get; private set; }
    public int Changes { get; private set; }

    private readonly HashSet<Id> _ids = [];
    private readonly Dictionary<string, long> _sequences = new(StringComparer.Ordinal);
    private readonly Dictionary<Id, long> _versions = [];

    public static async Task<Facts> ReadAsync(KafkaLogOptions options)
    {
        using var log = new KafkaLog(options, NullLogger<KafkaLog>.Instance);
        using var soon = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var facts = new Facts();
        for (var partition = 0; partition < log.Partitions; partition++)
        {
            for (var next = 0L; next < log.EndOffset(Topic.Facts, partition);)
            {
                var slice = await log.ReadAsync(Topic.Facts, partition, next, 1 << 20, soon.Token);
                foreach (var record in slice) facts.Take(record);
                next = slice.Next;
            }
        }
        return facts;
    }

    private void Take(ReadOnlyMemory<byte> record)
    {
        var fact = new RecordReader();
        Assert.True(fact.TryRead(record), "an unreadable fact");
        Count++;
        if (!_ids.Add(fact.Id)) Violations.Add($"fact {fact.Id} ({fact.Kind}) stands there twice");
        if (fact.Kind == RecordKind.EventStored)
        {
            var hit = new RecordReader();
            Assert.True(hit.TryRead(fact[Field.Payload].ToArray()), "a fact without its hit");
            var id = hit.Text(Field.EventId);
            StoredEvents[id] = StoredEvents.GetValueOrDefault(id) + 1;
        }
        if (fact.Kind == RecordKind.SegmentChanged)
        {
            // Two owners at a time, or one that went on after it was replaced, would count from the same state twice.
            Changes++;
            var who = System.Text.Encoding.UTF8.GetString(fact.Key);
            var sequence = fact.Int(Field.Sequence);
            if (sequence <= _sequences.GetValueOrDefault(who)) Violations.Add($"{who} has change {sequence} after {_sequences[who]}");
            _sequences[who] = sequence;
        }
        if (fact.Kind == RecordKind.SessionChanged)
        {
            var session = fact.IdOf(Field.SessionId);
            var version = fact.Int(Field.Version);
            if (version <= _versions.GetValueOrDefault(session)) Violations.Add($"session {session} has version {version} after {_versions[session]}");
            _versions[session] = version;
        }
    }
}
