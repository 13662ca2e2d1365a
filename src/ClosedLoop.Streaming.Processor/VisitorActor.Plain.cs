using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// The short way: a page view, in its turn, of an anonymous visitor who has only looked at pages, stands as the current rules judged and is not due.
/// That is nearly every hit. It leaves the same state and tells the same facts as the long way, to the byte; it only takes nothing apart for it.
/// </summary>
public sealed partial class VisitorActor
{
    private readonly PlainWriter _plain = new();

    private bool TryPlain(RecordReader e, ReadOnlySpan<byte> blob)
    {
        if (blob.IsEmpty || !PlainWriter.IsPlain(e) || !VisitorState.IsAlone(blob)) return false;
        var historyAt = _state.ReadHead(blob);
        if (!bench.Judge.IsCurrent(_state.Standing)) return false;
        if (!PlainHistory.TryRead(blob[historyAt..], out var before) || !bench.Judge.CatchUpPlain(_state.Standing, in before, e.TimeMs)) return false;
        var verdict = HitSource.Of(e, bench.Rules.Of(e.Site));
        bench.Scratch.Clear();
        if (!_plain.TryApply(before, e, HitSource.ForMemory(verdict), bench.Scratch, out var after)) return false;

        bench.Counters.Stored++;
        _state.Version++;
        bench.Facts.About(e.Site, e.Key, e.Id, e.TimeMs);
        if (!bench.Facts.IsSilent)
        {
            SendStored(e, after, verdict);
            TellSession(before, after);
        }
        if (bench.Judge.OnPlain(_state.Standing, in after, e.TimeMs)) TellChanges(e);
        bench.Blob.Clear();
        _state.WriteHead(bench.Blob);
        bench.Blob.Raw(bench.Scratch.Written);
        bench.SaveOwn(bench.Blob.Written, _state.Standing.DueMs);
        return true;
    }

    // A change tells of the whole person: now the history is taken apart.
    private void TellChanges(RecordReader e)
    {
        if (!bench.Facts.IsSilent) HistoryCodec.Read(_state.History, bench.Scratch.Written);
        bench.Judge.TellPlain(_state.Standing, bench.Person.Of(_state.History), CauseOf(e));
    }

    private void SendStored(RecordReader e, scoped in PlainHistory after, in SourceVerdict verdict)
    {
        var fact = bench.Facts.Begin(RecordKind.EventStored).Add(Field.Payload, e.Record.Span);
        StoredFields.Add(fact, e, verdict, FactWriter.SessionId(e.Site, e.Key, after.Last.Key), after.ChannelOf(after.Last.Source));
        bench.Facts.Send();
    }

    // The newest hit changes the last session or begins one.
    private void TellSession(scoped in PlainHistory before, scoped in PlainHistory after)
    {
        bench.Sessions.Send(after, after.Last, _state.Version);
        if (after.SessionCount > before.SessionCount) bench.Sessions.SendTouch(after, after.Last, _state.Version);
    }
}
