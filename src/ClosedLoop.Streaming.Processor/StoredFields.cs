using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Processor;

/// <summary>The resolved source of an event as fields of its fact.</summary>
internal static class StoredFields
{
    public static void Add(RecordWriter fact, RecordReader e, in SourceVerdict verdict, Id session, ReadOnlySpan<byte> sessionChannel)
    {
        if (session != Id.None) fact.Add(Field.SessionId, session);
        fact.Add(Field.Channel, sessionChannel.IsEmpty && e.Has(Field.PageUrl) ? verdict.Channel : sessionChannel)
            .Add(Field.RefrMedium, verdict.RefrMedium).Add(Field.RefrSource, verdict.RefrSource).Add(Field.RefrTerm, verdict.RefrTerm);
        if (verdict.IsInternal || verdict.IsPayment) return;
        fact.Add(Field.Source, verdict.Source).Add(Field.Medium, verdict.Medium).Add(Field.Campaign, verdict.Campaign);
    }
}
