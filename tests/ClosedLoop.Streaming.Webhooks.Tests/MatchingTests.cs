using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Webhooks.Tests;

public class MatchingTests
{
    private static readonly byte[] Warm = Facts.Entered("p", 1);
    private static readonly byte[] History = Facts.Entered("p", 1, more: w => w.Add(Field.History, 1L));
    private static readonly byte[] First = Facts.Entered("p", 1, "cold", w => w.Add(Field.FirstEntry, 1L));
    private static readonly byte[] Zeroes = Facts.Entered("p", 1, "cold", w => w.Add(Field.FirstEntry, 0L).Add(Field.History, 0L));
    private static readonly byte[] Quiet = Facts.Entered("p", 1, more: w => w.Add(Field.Quiet, 1L));
    private static readonly byte[] Stage = Facts.Stage("p", 1, "lead", "visitor");
    private static readonly byte[] Erased = Facts.Erased("p", 1);
    private static readonly WebhookEndpoint All = new() { Id = "a", Url = "https://a.example/" };

    public static TheoryData<string, WebhookEndpoint, byte[], bool> Rows() => new()
    {
        { "empty lists: all", All, Warm, true },
        { "empty lists: stages too", All, Stage, true },
        { "left", All, Facts.Left("p", 1), true },
        { "named type", All with { Events = ["segment.entered"] }, Warm, true },
        { "other type", All with { Events = ["segment.left"] }, Warm, false },
        { "named segment", All with { Segments = ["hot", "warm"] }, Warm, true },
        { "other segment", All with { Segments = ["hot"] }, Warm, false },
        { "the former segment is not the segment", All with { Segments = ["cold"] }, Warm, false },
        { "segments named: stages only when named", All with { Segments = ["warm"] }, Stage, false },
        { "segments and stages named", All with { Segments = ["warm"], Events = ["stage.changed"] }, Stage, true },
        { "erasure reaches everybody", All with { Segments = ["warm"] }, Erased, true },
        { "unless they never hear of it", All with { Events = ["segment.entered"] }, Erased, false },
        { "its site", All with { Site = "demo" }, Warm, true },
        { "another site", All with { Site = "demo2" }, Warm, false },
        { "history is not sent", All, History, false },
        { "history to who wants it", All with { History = true }, History, true },
        { "first entries are not sent", All, First, false },
        { "first entries to who wants them", All with { First = true }, First, true },
        { "a quiet change", All, Quiet, false },
        { "zero is no", All, Zeroes, true },
    };

    [Theory, MemberData(nameof(Rows))]
    public void Row(string name, WebhookEndpoint endpoint, byte[] fact, bool wanted)
    {
        var reader = Facts.Read(fact);
        Assert.True(wanted == Matching.Wants(endpoint, reader, MessageType.Of(reader)!), name);
    }

    [Fact]
    public void Other_facts_concern_nobody()
    {
        var others = Enum.GetValues<RecordKind>().Except([RecordKind.SegmentChanged, RecordKind.StageChanged, RecordKind.DealAttributed, RecordKind.PersonErased]);
        Assert.All(others, kind => Assert.False(MessageType.Concerns(Facts.Write(kind, "p", 1, _ => { }))));
        Assert.False(MessageType.Concerns([]));
        Assert.Null(MessageType.Of(Facts.Read(Facts.Segment("moved", "p", 1, "warm", null))));
    }
}
