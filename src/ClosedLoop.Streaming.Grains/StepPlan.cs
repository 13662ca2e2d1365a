using System.Buffers;
using System.Buffers.Binary;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;

namespace ClosedLoop.Streaming.Grains;

/// <summary>
/// A run of records from the log, sorted by whom they concern: one batch per actor, in the order in which the actors first appear. Ends before a
/// record that concerns everybody, which makes a step of its own.
/// </summary>
internal sealed class StepPlan
{
    private readonly Dictionary<string, ActorBatch> _byActor = new(StringComparer.Ordinal);

    private StepPlan() { }

    /// <summary>What the first record is; anything but Clock and Rules stands for a run of actors and books.</summary>
    public RouteKind Kind { get; private set; } = RouteKind.Actor;

    /// <summary>Records taken.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the slice that they are, with their lengths.</summary>
    public int Bytes { get; private set; }

    public List<ActorBatch> Batches { get; } = [];

    /// <summary>For the partition's own books, in the order of the log.</summary>
    public List<(ReadOnlyMemory<byte> Record, byte[] ShelfKey)> Desk { get; } = [];

    /// <param name="countMax">Records to take at most, 1 or more.</param>
    public static StepPlan Of(ReadOnlyMemory<byte> framed, long countMax)
    {
        var plan = new StepPlan();
        var reader = new RecordReader();
        foreach (var record in new LogSlice(0, 0, framed))
        {
            if (plan.Count == countMax) break;
            var route = Route.Of(record, reader);
            var isForAll = route.Kind is RouteKind.Clock or RouteKind.Rules;
            if (isForAll && plan.Count > 0) break;
            plan.Count++;
            plan.Bytes += 4 + record.Length;
            if (isForAll)
            {
                plan.Kind = route.Kind;
                plan.Desk.Add((record, []));
                break;
            }
            if (route.Kind == RouteKind.Actor) plan.Add(route.ShelfKey, record.Span);
            else plan.Desk.Add((record, route.ShelfKey));
        }
        return plan;
    }

    private void Add(byte[] shelfKey, ReadOnlySpan<byte> record)
    {
        var name = System.Text.Encoding.Latin1.GetString(shelfKey);
        if (!_byActor.TryGetValue(name, out var batch))
        {
            _byActor[name] = batch = new ActorBatch(shelfKey);
            Batches.Add(batch);
        }
        batch.Add(record);
    }
}

/// <summary>What one actor has to do in a step.</summary>
internal sealed class ActorBatch(byte[] shelfKey, long wakeMs = 0)
{
    private readonly ArrayBufferWriter<byte> _records = new();

    public byte[] ShelfKey { get; } = shelfKey;

    public ulong Hash { get; } = XxHash.Hash64(shelfKey);

    /// <summary>Above 0: look at silence and rules up to this moment, unix ms.</summary>
    public long WakeMs { get; } = wakeMs;

    /// <summary>Framed.</summary>
    public byte[] Records => _records.WrittenSpan.ToArray();

    public void Add(ReadOnlySpan<byte> record)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_records.GetSpan(4 + record.Length), record.Length);
        record.CopyTo(_records.GetSpan(4 + record.Length)[4..]);
        _records.Advance(4 + record.Length);
    }
}
