namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>What must never be in the log as it came, whatever became of the hit.</summary>
public class PrivacyTests
{
    [Theory]
    [InlineData("""{"event":"purchase","visitor_id":"v","lead":{"email":"canary.one+x@mail.example","phone":"+380 50 999 88 77"},"properties":{"order_id":"o","revenue":-1,"currency":"EUR"}}""")]
    [InlineData("""{"event":"click","lead":{"email":"canary.one@@mail.example","phone":"+380 50 999 88 77"}}""")]
    [InlineData("""{"event":"click","visitor_id":"a b","lead":{"email":"canary.one\u0040mail.example"}}""")]
    [InlineData("""{"event":"click","lead":{"email":"canary.one@mail.example" """)]
    public async Task A_refused_event_keeps_no_address_of_a_person(string json)
    {
        await using var door = TestDoor.Open();
        await door.EventsAsync(json);
        var hit = await door.OnlyRecordAsync();
        Assert.Equal(RecordKind.Refused, hit.Kind);
        Assert.False(hit.Contains("canary") || hit.Contains("mail.example") || hit.Contains("999 88 77"), hit[Field.Payload]);
        Assert.Contains("\"event\":", hit[Field.Payload], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/f/demo", "email=canary&password=canary&first_name=canary&topic=tents")]
    [InlineData("/f/nobody", "email=canary%40mail.example&password=canary&message=write+to+canary@mail.example&topic=tents")]
    public async Task A_refused_form_keeps_nothing_that_is_never_stored(string path, string body)
    {
        await using var door = TestDoor.Open();
        await door.FormAsync(path, body);
        var hit = await door.OnlyRecordAsync();
        Assert.Equal(RecordKind.Refused, hit.Kind);
        Assert.False(hit.Contains("canary"), hit[Field.Payload]);
        Assert.Equal("tents", hit.Json(Field.Payload).GetProperty("topic").GetString());
    }

    [Fact]
    public async Task An_address_as_user_id_is_stored_as_its_keyed_hash()
    {
        await using var door = TestDoor.Open();
        await door.GetAsync("/i?uid=Canary%40mail.example");
        await door.GetAsync("/i?uid=customer-7");
        await door.EventsAsync("""{"event":"click","visitor_id":"v","user_id":"canary@mail.example"}""");
        var records = await door.RecordsAsync();
        var hashed = "e:" + door.Keyring.Identify("demo", 'e', "canary@mail.example");
        Assert.Equal(2, records.Count(r => r[Field.UserId] == hashed));
        Assert.Single(records, r => r[Field.UserId] == "customer-7");
        Assert.DoesNotContain(records, r => r.Contains("anary@"));
    }

    [Fact]
    public async Task A_user_id_names_the_person_and_what_trackers_send_of_nobody_names_nobody()
    {
        await using var door = TestDoor.Open();
        await door.GetAsync("/i?uid=customer-7");
        await door.GetAsync("/i?uid=Somebody%40mail.example");
        foreach (var nobody in new[] { "0", "null", "undefined", "Anonymous", "(not%20set)", "00000000-0000-0000-0000-000000000000", "%20" }) await door.GetAsync($"/i?uid={nobody}");
        await door.EventsAsync("""[{"event":"identify","user_id":17},{"event":"click","lead":{"external_id":"crm-1"},"user_id":"other"}]""");
        var records = await door.RecordsAsync();
        Assert.Equal(["17", "crm-1", "customer-7"], records.Select(r => r[Field.ExternalId]).Where(x => x is not null).Order(StringComparer.Ordinal));
        Assert.Single(records, r => r[Field.Email] == door.Keyring.Identify("demo", 'e', "somebody@mail.example"));
        Assert.Equal(7, records.Count(r => r[Field.Identifier] is null));
    }
}
