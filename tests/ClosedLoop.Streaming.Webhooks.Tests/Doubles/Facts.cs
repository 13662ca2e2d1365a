using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>Builds facts as the processor writes them.</summary>
public static class Facts
{
    public const long At = 1_795_255_200_123; // 2026-11-21T10:00:00.123Z

    public static byte[] Entered(string person, int number, string segment = "warm", Action<RecordWriter>? more = null) =>
        Segment("entered", person, number, segment, more);

    public static byte[] Left(string person, int number, string segment = "warm", Action<RecordWriter>? more = null) =>
        Segment("left", person, number, segment, more);

    public static byte[] Segment(string change, string person, int number, string segment, Action<RecordWriter>? more) =>
        Write(RecordKind.SegmentChanged, person, number, w =>
        {
            w.Add(Field.Segment, segment).Add(Field.Change, change).Add(Field.Sequence, (long)number).Add(Field.RuleVersion, 3L)
                .Add(Field.Previous, "cold").Add(Field.CauseKind, "event").Add(Field.CauseName, "page_view");
            more?.Invoke(w);
        });

    public static byte[] Stage(string person, int number, string stage, string previous) =>
        Write(RecordKind.StageChanged, person, number, w => w.Add(Field.Stage, stage).Add(Field.PreviousStage, previous));

    public static byte[] Erased(string person, int number) => Write(RecordKind.PersonErased, person, number, _ => { });

    public static byte[] Write(RecordKind kind, string person, int number, Action<RecordWriter> more, string site = "demo")
    {
        var cause = Id.OfBytes(Encoding.UTF8.GetBytes($"{person}/{number}"));
        var writer = new RecordWriter();
        writer.Begin(kind, At, Id.Derive(cause, Encoding.UTF8.GetBytes(person), kind, 0), Encoding.UTF8.GetBytes(site), Encoding.UTF8.GetBytes("v" + person));
        writer.Add(Field.VisitorId, person).Add(Field.CauseId, cause).Add(Field.CauseMs, At);
        more(writer);
        return writer.Written.ToArray();
    }

    public static RecordReader Read(byte[] fact)
    {
        var reader = new RecordReader();
        Assert.True(reader.TryRead(fact));
        return reader;
    }
}
