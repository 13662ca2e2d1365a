namespace ClosedLoop.Streaming.Dashboard.Tests;

public sealed class UnknownPeopleTests
{
    [Fact]
    public async Task Who_is_not_known_is_404()
    {
        await using var system = await TestSystem.StartAsync();
        (string Path, int Status, string Code)[] rows =
        [
            ("/v1/visitors/nobody", 404, "unknown_visitor"), ("/v1/visitors/" + new string('a', 65), 404, "unknown_visitor"),
            ("/v1/visitors/nobody?site=nowhere", 404, "unknown_site"), ("/v1/leads/nobody", 404, "unknown_lead"),
            ("/v1/leads/00000000000000000000000000000001", 404, "unknown_lead"), ("/v1/leads?email=a@b.example", 404, "unknown_lead"),
            ("/v1/leads?email=nobody", 400, "bad_field"), ("/v1/leads?phone=12", 400, "bad_field"), ("/v1/leads", 400, "bad_field"),
            ("/v1/leads?email=a@b.example&phone=12345678", 400, "bad_field"), ("/v1/leads?external_id=", 400, "bad_field"),
        ];
        foreach (var (path, status, code) in rows) Assert.Equal((code, path), ((await system.ErrorAsync("GET", path, null, status)).Text("code"), path));
    }
}
