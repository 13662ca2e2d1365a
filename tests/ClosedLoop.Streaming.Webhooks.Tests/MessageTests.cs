using System.Text;
using System.Text.Json;
using ClosedLoop.Streaming.Events;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Webhooks.Tests;

public class MessageTests
{
    private static string Body(byte[] fact, bool email = false, bool traits = false, string? type = null)
    {
        var reader = Facts.Read(fact);
        var body = new MessageBody(address => "opened " + Encoding.UTF8.GetString(address.Span));
        return Encoding.UTF8.GetString(body.Write(reader, type ?? MessageType.Of(reader)!, email, traits));
    }

    private static byte[] Full() => Facts.Write(RecordKind.SegmentChanged, "v-1", 1, w => w
        .Add(Field.LeadId, "l-1").Add(Field.ExternalId, "crm-17").Add(Field.Segment, "warm").Add(Field.Previous, "cold").Add(Field.Group, "default")
        .Add(Field.Change, "entered").Add(Field.RuleVersion, 3L).Add(Field.Sequence, 4L).Add(Field.CauseKind, "event")
        .Add(Field.CauseName, "page_view").Add(Field.CausePage, "/tents").Add(Field.Stage, "visitor").Add(Field.Channel, "Paid Search")
        .Add(Field.FirstTouch, "{\"channel\":\"Email\"}").Add(Field.Measures, "{\"page_views\":5,\"sessions\":2}").Add(Field.Experiments, "{}")
        .Add(Field.Action, "{\"offer\":\"demo\"}").Add(Field.EmailSealed, "sealed").Add(Field.Traits, "{\"city\":\"Lviv\"}"));

    [Fact]
    public void Segment_entered_is_the_contracts_body() => Assert.Equal(
        """
        {"type":"segment.entered","timestamp":"2026-11-21T10:00:00.123Z","data":{"sequence":4,"site":"demo","visitor_id":"v-1","lead_id":"l-1","external_id":"crm-17","segment":"warm","previous":"cold","rule_version":3,"cause":{"kind":"event","event_id":"CAUSE","event":"page_view","at":"2026-11-21T10:00:00.123Z","page":"/tents"},"stage":"visitor","channel":"Paid Search","first_touch":{"channel":"Email"},"measures":{"page_views":5,"sessions":2},"experiments":{},"action":{"offer":"demo"}}}
        """.Replace("CAUSE", Facts.Read(Full()).IdOf(Field.CauseId).ToString()), Body(Full()));

    [Fact]
    public void Address_and_traits_come_when_asked_for() =>
        Assert.EndsWith("""
            "action":{"offer":"demo"},"email":"opened sealed","traits":{"city":"Lviv"}}}
            """, Body(Full(), email: true, traits: true));

    [Fact]
    public void What_is_not_known_is_null()
    {
        var body = Body(Facts.Write(RecordKind.SegmentChanged, "v-1", 1, w => w.Add(Field.Segment, "warm").Add(Field.Change, "entered")), true, true);
        var data = JsonDocument.Parse(body).RootElement.GetProperty("data");
        foreach (var name in new[] { "sequence", "lead_id", "external_id", "previous", "rule_version", "stage", "channel", "first_touch", "measures", "experiments", "action", "email", "traits" })
            Assert.Equal(JsonValueKind.Null, data.GetProperty(name).ValueKind);
    }

    [Fact]
    public void Stage_changed_says_from_where_to_where()
    {
        var data = JsonDocument.Parse(Body(Facts.Stage("v-1", 1, "lead", "visitor"))).RootElement.GetProperty("data");
        Assert.Equal("lead", data.GetProperty("stage").GetString());
        Assert.Equal("visitor", data.GetProperty("previous").GetString());
        Assert.Equal(JsonValueKind.Null, data.GetProperty("segment").ValueKind);
    }

    [Fact]
    public void An_erased_person_is_only_named()
    {
        var body = Body(Facts.Write(RecordKind.PersonErased, "v-1", 1, w => w.Add(Field.EmailSealed, "sealed").Add(Field.Traits, "{\"city\":\"Lviv\"}")), true, true);
        Assert.Contains("\"visitor_id\":\"v-1\"", body);
        Assert.DoesNotContain("Lviv", body);
        Assert.DoesNotContain("sealed", body);
    }

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

    [Fact]
    public void The_test_message_is_json() =>
        Assert.Equal("webhook.test", JsonDocument.Parse(TestMessage.Body(DateTimeOffset.UnixEpoch)).RootElement.GetProperty("type").GetString());
}
