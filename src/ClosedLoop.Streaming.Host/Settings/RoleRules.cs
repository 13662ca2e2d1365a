namespace ClosedLoop.Streaming.Host.Settings;

/// <summary>Which roles a process may have, and what it needs when others have the rest. Embedded parts serve one process that has them all.</summary>
internal static class RoleRules
{
    /// <summary>The roles as given, commas allowed, each once, in the order of the path; all when none is given.</summary>
    public static IReadOnlyList<string> Named(IReadOnlyList<string> given, List<string> mistakes)
    {
        var roles = given.SelectMany(one => one.Split(',', StringSplitOptions.TrimEntries)).ToList();
        foreach (var role in roles.Except(HostSettings.AllRoles).Distinct())
            mistakes.Add($"--role {(role.Length == 0 ? "(empty)" : role)} is unknown; allowed are {string.Join(", ", HostSettings.AllRoles)}.");
        return roles.Count == 0 ? HostSettings.AllRoles : [.. HostSettings.AllRoles.Where(roles.Contains)];
    }

    /// <summary>Adds what is missing for a process that has some of the roles.</summary>
    public static void Check(HostSettings settings, List<string> mistakes)
    {
        if (settings.Roles.Count == 0 || !settings.IsSplit) return;
        var roles = "--role " + string.Join(",", settings.Roles);
        void Need(bool there, string name, string why)
        {
            if (!there) mistakes.Add($"{roles} needs {name}: {why}");
        }

        Need(settings.UsesKafka, "CLOSEDLOOP_KAFKA", "the embedded log serves one process with all roles. Set it, or leave --role out.");
        Need(!settings.Has("processor") || settings.UsesRedis, "CLOSEDLOOP_REDIS", "a processor's states must be where another one finds them.");
        Need(settings.Has("warehouse") == settings.Has("dashboard") || !settings.EmbedsWarehouse, "CLOSEDLOOP_CLICKHOUSE_URL",
            "the embedded warehouse serves one process that has both warehouse and dashboard.");
        Need(settings.MasterKey is not null, "CLOSEDLOOP_MASTER_KEY", "all processes of an installation sign and seal with the same key (openssl rand -hex 32).");
        Need(settings.AdminKey is not null || !(settings.Has("collector") || settings.Has("dashboard")), "CLOSEDLOOP_ADMIN_KEY",
            "collectors and dashboards of an installation know the same admin key.");
    }
}
