using ClosedLoop.Streaming.Host.Settings;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>Which roles a process may have, and what a part of them needs. Settings only; nothing is started.</summary>
public sealed class RoleTests
{
    private const string Key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    [Theory]
    [InlineData("", "collector,processor,webhooks,warehouse,dashboard")]
    [InlineData("dashboard, collector", "collector,dashboard")]
    [InlineData("collector collector,collector", "collector")]
    [InlineData("warehouse webhooks", "webhooks,warehouse")]
    public void Roles_come_by_commas_or_repeated_each_once_in_the_order_of_the_path(string given, string roles) =>
        Assert.Equal(roles, string.Join(',', Read(given, []).Roles));

    [Theory]
    [InlineData("collectr", "--role collectr is unknown")]
    [InlineData("collector,,dashboard", "--role (empty) is unknown")]
    public void An_unknown_role_is_a_mistake(string given, string said) =>
        Assert.Contains(Read(given, []).Mistakes, mistake => mistake.Contains(said, StringComparison.Ordinal));

    [Theory]
    [InlineData("collector", "CLOSEDLOOP_KAFKA CLOSEDLOOP_MASTER_KEY CLOSEDLOOP_ADMIN_KEY")]
    [InlineData("processor", "CLOSEDLOOP_KAFKA CLOSEDLOOP_REDIS CLOSEDLOOP_MASTER_KEY")]
    [InlineData("webhooks", "CLOSEDLOOP_KAFKA CLOSEDLOOP_MASTER_KEY")]
    [InlineData("warehouse", "CLOSEDLOOP_KAFKA CLOSEDLOOP_CLICKHOUSE_URL CLOSEDLOOP_MASTER_KEY")]
    [InlineData("dashboard", "CLOSEDLOOP_KAFKA CLOSEDLOOP_CLICKHOUSE_URL CLOSEDLOOP_MASTER_KEY CLOSEDLOOP_ADMIN_KEY")]
    [InlineData("warehouse,dashboard", "CLOSEDLOOP_KAFKA CLOSEDLOOP_MASTER_KEY CLOSEDLOOP_ADMIN_KEY")]
    [InlineData("collector,processor,webhooks,warehouse", "CLOSEDLOOP_KAFKA CLOSEDLOOP_REDIS CLOSEDLOOP_CLICKHOUSE_URL CLOSEDLOOP_MASTER_KEY CLOSEDLOOP_ADMIN_KEY")]
    [InlineData("collector,processor,webhooks,warehouse,dashboard", "")]
    public void A_part_of_the_roles_needs_what_several_processes_can_share(string roles, string needs)
    {
        var named = Read(roles, []).Mistakes.Where(mistake => mistake.StartsWith("--role ", StringComparison.Ordinal)).ToList();
        Assert.Equal(needs.Split(' ', StringSplitOptions.RemoveEmptyEntries), named.Select(mistake => mistake.Split(" needs ")[1].Split(':')[0]));
    }

    [Theory]
    [InlineData(Key, true)]
    [InlineData("0011", false)]
    [InlineData("zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", false)]
    public void The_shared_key_has_64_hexadecimal_digits(string key, bool good) =>
        Assert.Equal(good, Read("", [("CLOSEDLOOP_MASTER_KEY", key)]).Mistakes.Count == 0);

    private static HostSettings Read(string roles, (string Name, string? Value)[] more) => HostSettings.Read(
        roles.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } several && !roles.Contains(", ", StringComparison.Ordinal) ? several : roles.Length == 0 ? [] : [roles],
        more.ToDictionary(m => m.Name, m => m.Value));
}
