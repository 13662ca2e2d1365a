using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// One order or deal that events name without naming anybody (a refund, a won deal). It knows whose it is as soon as somebody bought or opened
/// it; what was said before waits here, and is passed on. Events are stored and counted here, once.
/// </summary>
public sealed class OrderActor(Workbench bench)
{
    private readonly OrderState _state = new();

    public static bool IsOrder(ReadOnlySpan<byte> key) => key.Length > 2 && key[1] is (byte)'o' or (byte)'d' && key[2] == (byte)':';

    public void OnEvent(RecordReader e)
    {
        _state.Read(bench.Load(e.Site, e.Key));
        // A purchase by nobody known is nobody's but still revenue: its person is the order itself.
        if (_state.Person.Length == 0 && e[Field.Name].SequenceEqual("purchase"u8))
        {
            var home = ActorKey.OfLead(IdentifierHome.LeadOf(e.Site, e.Key[1..]));
            IdentifierActor.OnEvent(bench, e);
            Become(e, home);
            return;
        }
        if (!Repetition.IsNew(_state.Known, e, HistoryWriter.KeyOf(e)))
        {
            bench.Counters.Duplicates++;
            return;
        }
        bench.Counters.Stored++;
        bench.Facts.About(e.Site, default, e.Id, e.TimeMs);
        bench.Facts.Begin(RecordKind.EventStored).Add(Field.Payload, e.Record.Span);
        bench.Facts.Send();
        if (e.Has(Field.BotClass)) { }
        else if (_state.Person.Length > 0) Pass(e.Record.Span, e.TimeMs, e.Id, e.Site);
        else _state.Wait(e.Record.Span);
        Save(e.Site, e.Key);
    }

    /// <summary>Somebody bought it or opened it. Whoever was first keeps it; who only has a deal of that name gives way to a buyer.</summary>
    public void OnClaimed(RecordReader claim)
    {
        _state.Read(bench.Load(claim.Site, claim.Key));
        var person = claim[Field.PartKey];
        if (person.IsEmpty || person.SequenceEqual(_state.Person) && !_state.Presumed) return;
        var presumed = claim.Int(Field.Presumed) == 1;
        if (_state.Person.Length == 0 || _state.Presumed && !presumed) Become(claim, person.ToArray(), presumed);
        else if (!presumed) bench.Counters.IdentifierConflicts++;
    }

    private void Become(RecordReader because, byte[] person, bool presumed = false)
    {
        (_state.Person, _state.Presumed) = (person, presumed);
        var waiting = new RecordReader();
        foreach (var record in _state.Waiting)
            if (waiting.TryRead(record)) Pass(record, because.TimeMs, waiting.Id, because.Site);
        _state.Waiting.Clear();
        Save(because.Site, because.Key);
    }

    private void Pass(ReadOnlySpan<byte> record, long timeMs, Id id, ReadOnlySpan<byte> site)
    {
        var pass = bench.Message.Begin(RecordKind.EventPassed, timeMs, Id.Derive(id, _state.Person, RecordKind.EventPassed, 0), site, _state.Person)
            .Add(Field.Payload, record);
        bench.Outbox.Message(site, _state.Person, pass.Written);
    }

    private void Save(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key)
    {
        bench.Blob.Clear();
        _state.Write(bench.Blob, bench.Scratch);
        bench.Save(site, key, bench.Blob.Written, 0);
    }
}
