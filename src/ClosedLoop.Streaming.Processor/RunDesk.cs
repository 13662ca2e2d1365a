using System.Buffers.Binary;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// A run of a model over all paths (markov, shapley) brings its facts with it: they pass through here unchanged, so that they stand in the
/// log between hits and facts like everything else, and a replay finds the very same rows.
/// </summary>
internal sealed class RunDesk(Workbench bench)
{
    private readonly RecordReader _fact = new();

    /// <exception cref="InvalidDataException">The payload is no list of a run's facts.</exception>
    public void OnRun(RecordReader run)
    {
        var rest = run.Memory(Field.Payload);
        while (!rest.IsEmpty)
        {
            var length = rest.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
            if (length < 0 || length > rest.Length - 4 || !_fact.TryRead(rest.Slice(4, length)) || !IsOfRun(_fact.Kind) || !_fact.Site.SequenceEqual(run.Site))
                throw new InvalidDataException("A run's record holds something else than its facts.");
            bench.Outbox.Fact(rest.Span.Slice(4, length));
            rest = rest[(4 + length)..];
        }
    }

    private static bool IsOfRun(RecordKind kind) => kind is RecordKind.CreditPosted or RecordKind.CreditRunMade or RecordKind.RunEffectFound;
}
