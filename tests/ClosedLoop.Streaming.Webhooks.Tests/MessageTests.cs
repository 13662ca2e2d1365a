using System.Text;
using System.Text.Json;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks.Tests;

public class MessageTests
{
    internal static string Body(byte[] fact, bool email = false, bool traits = false, string? type = null)
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
        foreach (var name in new[] { "sequence", "lead_id", "external_id", "previous", "rule_version", "stage", "channel", "first_touch", "action", "email", "traits" })
            Assert.Equal(JsonValueKind.Null, data.GetProperty(name).ValueKind);
        foreach (var name in new[] { "measures", "experiments" }) Assert.Equal("{}", data.GetProperty(name).GetRawText());
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
    public void Deal_attributed_says_what_it_is_worth_and_to_whom()
    {
        byte[] Won(string deal) => Facts.Write(RecordKind.DealAttributed, "v-1", 1, w => w.Add(Field.DealId, deal).Add(Field.Change, "corrected")
            .Add(Field.Revenue, 800 * Money.Unit).Add(Field.Amount, 1_000 * Money.Unit).Add(Field.Currency, "EUR").Add(Field.Payload, """{"touches":[],"left_out":0}""").Add(Field.Sequence, 7L));
        var data = JsonDocument.Parse(Body(Won("D-1"))).RootElement.GetProperty("data");
        Assert.Equal(("D-1", "corrected", 800m, 1_000m, "EUR", 7), (data.GetProperty("deal_id").GetString(), data.GetProperty("change").GetString(), data.GetProperty("revenue").GetDecimal(),
            data.GetProperty("previous_revenue").GetDecimal(), data.GetProperty("currency").GetString(), data.GetProperty("sequence").GetInt32()));
        Assert.Equal("""{"touches":[],"left_out":0}""", data.GetProperty("attribution").GetRawText());
        Assert.Equal(JsonValueKind.Null, data.GetProperty("gross_profit").ValueKind);
        Assert.True(MessageType.Concerns(Won("D-1")));
        // Two deals of one cause are two messages.
        Assert.NotEqual(MessageId.Of(Facts.Read(Won("D-1")), MessageType.DealAttributed), MessageId.Of(Facts.Read(Won("D-2")), MessageType.DealAttributed));
    }

    [Fact]
    public void An_erased_person_is_only_named()
    {
        var body = Body(Facts.Write(RecordKind.PersonErased, "v-1", 1, w => w.Add(Field.EmailSealed, "sealed").Add(Field.Traits, "{\"city\":\"Lviv\"}")), true, true);
        Assert.Contains("\"visitor_id\":\"v-1\"", body);
        Assert.DoesNotContain("Lviv", body);
        Assert.DoesNotContain("sealed", body);
    }

    [Fact]
    public void The_test_message_is_json() =>
        Assert.Equal("webhook.test", JsonDocument.Parse(TestMessage.Body(DateTimeOffset.UnixEpoch)).RootElement.GetProperty("type").GetString());
}
