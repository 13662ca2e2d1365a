using System.Text;
using System.Text.Json;
using ClosedLoop.Streaming.Events;
using FsCheck;
using FsCheck.Fluent;
using static ClosedLoop.Streaming.Webhooks.Tests.MessageTests;

namespace ClosedLoop.Streaming.Webhooks.Tests;

public class MessageLimitTests
{
    [Theory]
    [InlineData("{\"a\":"), InlineData("{} {}"), InlineData("nonsense"), InlineData("{\"a\":1,}")]
    public void What_is_no_json_is_left_out(string measures)
    {
        var body = Body(Facts.Entered("p", 1, more: w => w.Add(Field.Measures, measures)));
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(body).RootElement.GetProperty("data").GetProperty("measures").ValueKind);
    }

    [Fact]
    public void Any_bytes_in_any_field_give_json_under_the_limit() => Prop.ForAll<byte[], byte[], ushort>((text, json, size) =>
    {
        var fact = Facts.Entered("p", 1, more: w => w
            .Add(Field.LeadId, text.Reverse().ToArray().AsSpan()).Add(Field.CausePage, text.AsSpan()).Add(Field.Measures, json.AsSpan()).Add(Field.Channel, text.AsSpan())
            .Add(Field.Traits, $"{{\"a\":\"{new string('x', size)}\"}}").Add(Field.CauseMs, (long)size << 40));
        var body = Body(fact, true, true);
        JsonDocument.Parse(body);
        return Encoding.UTF8.GetByteCount(body) < MessageBody.BytesMax;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_body_that_is_too_large_loses_whole_parts_in_order_and_says_which()
    {
        var large = $"{{\"a\":\"{new string('x', 12_000)}\"}}";
        byte[] Fact(int parts) => Facts.Entered("p", 1, more: w => w
            .Add(Field.Action, large).Add(Field.Measures, parts > 1 ? large : "{}").Add(Field.Traits, parts > 2 ? large : "{}"));
        Assert.DoesNotContain("left_out", Body(Fact(1), traits: true));
        var two = JsonDocument.Parse(Body(Fact(2), traits: true)).RootElement.GetProperty("data");
        Assert.Equal(["traits", "experiments", "measures"], two.GetProperty("left_out").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(JsonValueKind.Null, two.GetProperty("measures").ValueKind);
        Assert.Equal(12_000, two.GetProperty("action").GetProperty("a").GetString()!.Length);
        Assert.InRange(Body(Fact(3), traits: true).Length, 12_000, MessageBody.BytesMax - 1);
    }

    [Fact]
    public void The_id_is_of_cause_person_and_segment_and_of_nothing_else()
    {
        static Id Of(byte[] fact)
        {
            var reader = Facts.Read(fact);
            return MessageId.Of(reader, MessageType.Of(reader)!);
        }
        var id = Of(Facts.Entered("p", 1));
        Assert.Equal(id, Of(Facts.Entered("p", 1, more: w => w.Add(Field.Sequence, 99L).Add(Field.RuleVersion, 99L))));
        Id[] others = [
            Of(Facts.Entered("p", 2)), Of(Facts.Entered("q", 1)), Of(Facts.Entered("p", 1, "hot")), Of(Facts.Left("p", 1)),
            Of(Facts.Stage("p", 1, "lead", "visitor")), Of(Facts.Erased("p", 1))];
        Assert.Equal(7, others.Append(id).Distinct().Count());
        Assert.Matches("^msg_[0-9a-f]{32}$", MessageId.Text(id));
        Assert.True(MessageId.TryParse(MessageId.Text(id), out var parsed) && parsed == id);
    }
}
