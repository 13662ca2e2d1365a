namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>A code of a stored link, named in a form, an order or at the pixel, brings its campaign into the record.</summary>
public sealed class CodeTests
{
    private static readonly Link Flyer = new() { Slug = "f7", Site = "demo", Url = "https://shop.example/", Source = "flyer", Medium = "print", Campaign = "spring", Code = "Spring-7" };

    [Theory]
    [InlineData("SPRING-7", true)]
    [InlineData(" spring-7 ", true)]
    [InlineData("spring-8", false)]
    [InlineData("", false)]
    public async Task A_form_names_it(string code, bool known)
    {
        await using var door = Open();
        await door.FormAsync("/f/demo", $"email=a%40b.example&code={Uri.EscapeDataString(code)}");
        Check(await door.OnlyRecordAsync(), known);
    }

    [Fact]
    public async Task An_order_names_it_as_its_coupon()
    {
        await using var door = Open();
        await door.EventsAsync("""{"event":"purchase","visitor_id":"v","properties":{"order_id":"o","revenue":10,"currency":"EUR","coupon":"spring-7"}}""");
        var record = await door.OnlyRecordAsync();
        Check(record, known: true);
        Assert.Equal("spring-7", record[Field.Coupon]);
    }

    [Fact]
    public async Task Another_sites_code_is_none()
    {
        await using var door = Open();
        await door.EventsAsync("""{"event":"purchase","site":"other","visitor_id":"v","properties":{"order_id":"o","revenue":10,"currency":"USD","coupon":"spring-7"}}""", TestDoor.OtherKey);
        Check(await door.OnlyRecordAsync(), known: false);
    }

    private static void Check(StoredRecord record, bool known)
    {
        Assert.Equal(known ? ("Spring-7", "flyer", "print", "spring", "Offline") : (null, null, null, null, null),
            (record[Field.Code], record[Field.CodeSource], record[Field.CodeMedium], record[Field.CodeCampaign], record[Field.CodeChannel]));
    }

    private static TestDoor Open()
    {
        var door = TestDoor.Open();
        door.Settings.Set([TestDoor.Demo, TestDoor.Other], [Flyer]);
        return door;
    }
}
