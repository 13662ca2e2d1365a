using System.Buffers.Binary;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Processor;

namespace ClosedLoop.Streaming.Simulation.Tests;

/// <summary>What one step of an owner leaves behind.</summary>
internal sealed record Step(long Epoch, int Absorbed, IReadOnlyList<(byte[] Key, uint Due, byte[] State)> States, byte[] Counters,
    IReadOnlyList<byte[]> Facts, IReadOnlyList<(int Partition, byte[] Record)> Messages)
{
    public static IEnumerable<byte[]> Unframed(ReadOnlyMemory<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[at..]);
            yield return bytes.Slice(at + 4, length).ToArray();
            at += 4 + length;
        }
    }
}

/// <summary>
/// What is durable of one partition, written in the steps of DESIGN.md §4: save (fenced), publish, clear, commit. A crash may fall between any two,
/// and between any two facts. Messages of a step are published in one piece and once, facts at least once.
/// </summary>
internal sealed class Journal(IReadOnlyList<List<byte[]>> hits)
{
    private readonly Dictionary<string, (byte[] Key, uint Due, byte[] State)> _states = [];
    private Step? _pending;
    private bool _messagesOut;

    public long Epoch { get; private set; }
    public int Absorbed { get; private set; }
    /// <summary>Only a hint: where the consumer group believes to be.</summary>
    public int Committed { get; private set; }
    public byte[] Counters { get; private set; } = [];
    public IEnumerable<(byte[] Key, uint Due, byte[] State)> States => _states.Values;
    /// <summary>The topic of facts, with repetitions.</summary>
    public List<byte[]> Facts { get; } = [];
    public int Refusals { get; private set; }

    /// <summary>A new owner: a newer epoch, and what a crash left unpublished goes out before anything else.</summary>
    public long Open()
    {
        Epoch++;
        if (_pending is { } step)
        {
            foreach (var _ in Publish(step)) { }
            Clear();
        }
        return Epoch;
    }

    /// <summary>False: a newer owner has the partition, and nothing is written.</summary>
    public bool TrySave(Step step)
    {
        if (step.Epoch != Epoch)
        {
            Refusals++;
            return false;
        }
        if (_pending is not null) throw new InvalidOperationException("saved before the last step was published");
        foreach (var state in step.States) _states[Convert.ToHexString(state.Key)] = state;
        (Absorbed, Counters, _pending, _messagesOut) = (step.Absorbed, step.Counters, step, false);
        return true;
    }

    /// <summary>Publishes step by step; the caller may stop anywhere. A zombie may still be at it when the new owner has published the same.</summary>
    public IEnumerable<int> Publish(Step step)
    {
        for (var i = 0; i < step.Facts.Count; i++)
        {
            Facts.Add(step.Facts[i]);
            yield return i;
        }
        if (!ReferenceEquals(step, _pending) || _messagesOut) yield break;
        foreach (var (partition, record) in step.Messages) hits[partition].Add(record);
        _messagesOut = true;
        yield return step.Facts.Count;
    }

    public void Clear() => _pending = null;

    public void Commit() => Committed = Absorbed;
}
