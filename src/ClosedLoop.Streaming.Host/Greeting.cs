using ClosedLoop.Streaming.Host.Settings;

namespace ClosedLoop.Streaming.Host;

/// <summary>What somebody who has just started the system needs next.</summary>
internal static class Greeting
{
    public static void Print(HostSettings settings, TextWriter to)
    {
        var admin = DataFolder.AdminKeyFile(settings.Data);
        // A terminal belongs to the person who started it; a log file or a container's output does not.
        var shows = !Console.IsOutputRedirected;
        to.WriteLine($"ClosedLoop.Streaming runs ({string.Join(", ", settings.Roles)}; accepted hits survive {Survived(settings)}).");
        if (settings.IsSplit)
        {
            to.WriteLine($"  Listens on {settings.Bind}:{settings.Port}; /health/ready says what is missing. Ctrl-C drains and stops.");
            to.Flush();
            return;
        }
        to.WriteLine();
        to.WriteLine($"  Dashboard     {settings.PublicUrl}/");
        to.WriteLine($"  Tag to paste  <img src=\"{settings.PublicUrl}/i?e=pv&aid={FirstSteps.DefaultSite}\" alt=\"\" width=\"1\" height=\"1\" referrerpolicy=\"no-referrer-when-downgrade\">");
        to.WriteLine(settings.EmbedsWarehouse ? $"  ClickHouse    http://{settings.Bind}:{settings.Warehouse.Port}/  user dashboard" : "  ClickHouse    the server of CLOSEDLOOP_CLICKHOUSE_URL");
        to.WriteLine(settings.AdminKey is not null ? "  Admin key     from CLOSEDLOOP_ADMIN_KEY"
            : shows ? $"  Admin key     {File.ReadAllText(admin).Trim()}  (kept in {admin})" : $"  Admin key     kept in {admin}");
        to.WriteLine(settings.DashboardPassword is not null ? "  Password      from CLOSEDLOOP_DASHBOARD_PASSWORD"
            : shows ? $"  Password      {File.ReadAllText(DataFolder.PasswordFile(settings.Data)).Trim()}  (of the user dashboard)" : $"  Password      kept in {DataFolder.PasswordFile(settings.Data)}");
        to.WriteLine();
        to.WriteLine("  Ctrl-C drains and stops. Try: ./dev closedloop demo");
        to.Flush();
    }

    private static string Survived(HostSettings settings) => settings.UsesKafka ? "the loss of a broker (replicated)"
        : settings.Log.Durability == Log.Durability.Disk ? "power loss" : "kill -9";
}
