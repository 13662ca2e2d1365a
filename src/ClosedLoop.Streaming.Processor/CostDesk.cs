using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// What campaigns cost, as it was stated last: one small state per day and campaign, or per stored link. The same statement again tells
/// nothing, another one replaces; the channel is computed by the rules that compute a session's, so that both meet in one row.
/// </summary>
internal sealed class CostDesk(Workbench bench)
{
    private readonly RecordReader _known = new();

    public void OnGiven(RecordReader given)
    {
        var rules = bench.Rules.Of(given.Site);
        var verdict = SourceRules.Resolve(InputOf(given), rules);
        var (version, channel) = Remembered(bench.Load(given.Site, given.Key));
        var isKnown = version > 0;
        if (isKnown && _known.Fields.SequenceEqual(given.Fields) && verdict.Channel.SequenceEqual(channel)) return;
        bench.Facts.About(given.Site, default, given.Id, given.TimeMs);
        // A link whose campaign was renamed leaves its old row: that one goes.
        if (isKnown && !IsSameRow(given)) Tell(_known, SourceRules.Resolve(InputOf(_known), rules), ++version, deleted: true);
        Tell(given, verdict, ++version, deleted: false);
        Remember(given, version, verdict.Channel);
    }

    private static SourceInput InputOf(RecordReader cost) => new()
    {
        Source = cost[Field.Source], Medium = cost[Field.Medium], Campaign = cost[Field.Campaign], LinkChannel = cost[Field.LinkChannel],
    };

    private bool IsSameRow(RecordReader given) =>
        _known.Int(Field.Date) == given.Int(Field.Date) && _known[Field.Source].SequenceEqual(given[Field.Source])
        && _known[Field.Medium].SequenceEqual(given[Field.Medium]) && _known[Field.Campaign].SequenceEqual(given[Field.Campaign]);

    private void Tell(RecordReader cost, in SourceVerdict verdict, long version, bool deleted)
    {
        var fact = bench.Facts.Begin(RecordKind.CostStated).AddRaw(cost.Fields)
            // As sessions of this campaign have them: trimmed, and filled where only a part was said. The last value of a field counts.
            .Add(Field.Source, verdict.Source).Add(Field.Medium, verdict.Medium).Add(Field.Channel, verdict.Channel).Add(Field.Version, version);
        if (deleted) fact.Add(Field.Deleted, 1L);
        bench.Facts.Send();
    }

    private (long Version, byte[] Channel) Remembered(ReadOnlySpan<byte> state)
    {
        if (state.IsEmpty) return (0, []);
        var from = new BlobReader(state);
        var version = (long)from.Unsigned();
        var channel = from[from.Text()].ToArray();
        if (!_known.TryRead(from[from.Text()].ToArray())) throw new StateFormatException(from.At);
        return (version, channel);
    }

    private void Remember(RecordReader given, long version, ReadOnlySpan<byte> channel)
    {
        bench.Blob.Clear();
        bench.Blob.Unsigned((ulong)version);
        bench.Blob.Text(channel);
        bench.Blob.Text(given.Record.Span);
        bench.Save(given.Site, given.Key, bench.Blob.Written, 0);
    }
}
