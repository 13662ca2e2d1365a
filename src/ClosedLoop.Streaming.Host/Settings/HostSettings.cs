using System.Net;
using ClosedLoop.Streaming.Collector;
using ClosedLoop.Streaming.Dashboard;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Reports;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Warehouse;
using ClosedLoop.Streaming.Webhooks;
using Microsoft.Extensions.Configuration;

namespace ClosedLoop.Streaming.Host.Settings;

/// <summary>All settings of this process, read and checked in one go; nothing starts while <see cref="Mistakes"/> has one.</summary>
internal sealed class HostSettings
{
    public static readonly string[] AllRoles = ["collector", "processor", "webhooks", "warehouse", "dashboard"];

    private HostSettings(IConfiguration configuration) => Configuration = configuration;

    public IConfiguration Configuration { get; }
    public List<string> Mistakes { get; } = [];
    public IReadOnlyList<string> Roles { get; private set; } = AllRoles;
    public int Port { get; private set; } = 8080;
    public string Bind { get; private set; } = "127.0.0.1";
    public string PublicUrl { get; private set; } = "";
    public string Data { get; private set; } = "./data";
    public string? AdminKey { get; private set; }
    /// <summary>64 hexadecimal digits that all processes of one installation share; null: made once and kept in the data folder.</summary>
    public string? MasterKey { get; private set; }
    public string? DashboardPassword { get; private set; }
    public EmbeddedLogOptions Log { get; } = new();
    public KafkaLogOptions Kafka { get; } = new();
    public RedisStatesOptions Redis { get; } = new();
    public StatesOptions States { get; } = new();
    public CollectorOptions Collector { get; } = new();
    public ProcessorOptions Processor { get; } = new();
    public WebhooksOptions Webhooks { get; } = new();
    public WarehouseOptions Warehouse { get; } = new();
    public ReportsOptions Reports { get; } = new();
    public DashboardOptions Dashboard { get; } = new();
    public MoneyOptions Money { get; } = new();
    public GrainsPart Grains { get; } = new();

    public bool Has(string role) => Roles.Contains(role);

    /// <summary>False: the embedded log.</summary>
    public bool UsesKafka => Kafka.Brokers.Length > 0;

    /// <summary>False: the embedded states.</summary>
    public bool UsesRedis => Redis.Servers.Length > 0;

    /// <summary>A role of this process keeps states there, reads them, or keeps its book.</summary>
    public bool NeedsRedis => Has("processor") || Has("dashboard") || Has("warehouse");

    /// <summary>True when this process has some roles and others have the rest.</summary>
    public bool IsSplit => Roles.Count < AllRoles.Length;

    /// <summary>True when the warehouse is the engine in this process, which then has the read-only port too.</summary>
    public bool EmbedsWarehouse => string.IsNullOrEmpty(Warehouse.ServerUrl);

    public static HostSettings Read(IReadOnlyList<string> roles, IReadOnlyDictionary<string, string?>? overrides = null)
    {
        var builder = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddJsonFile(Path.Combine(Directory.GetCurrentDirectory(), "appsettings.json"), optional: true)
            .AddEnvironmentVariables();
        if (overrides is not null) builder.AddInMemoryCollection(overrides);
        HostSettings settings;
        try { settings = new HostSettings(builder.Build()); }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            settings = new HostSettings(new ConfigurationBuilder().Build());
            settings.Mistakes.Add($"appsettings.json cannot be read: {e.InnerException?.Message ?? e.Message}");
            return settings;
        }
        settings.Fill(roles);
        return settings;
    }

    private void Fill(IReadOnlyList<string> roles)
    {
        var sections = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase)
        {
            ["Log"] = Log, ["Kafka"] = Kafka, ["States"] = States, ["Redis"] = Redis, ["Collector"] = Collector, ["Processor"] = Processor, ["Webhooks"] = Webhooks, ["Warehouse"] = Warehouse, ["Reports"] = Reports, ["Dashboard"] = Dashboard, ["Money"] = Money,
        };
        Grains.AddTo(sections);
        SettingsBinder.Bind(Configuration.GetSection("ClosedLoop"), sections, Mistakes);
        ShortNames();
        Roles = RoleRules.Named(roles, Mistakes);
        Mistakes.AddRange(Log.Mistakes());
        Mistakes.AddRange(States.Mistakes());
        if (UsesKafka) Mistakes.AddRange(Kafka.Mistakes());
        if (UsesRedis) Mistakes.AddRange(Redis.Mistakes());
        Mistakes.AddRange(Collector.Mistakes());
        Mistakes.AddRange(Processor.Mistakes());
        Mistakes.AddRange(Webhooks.Mistakes());
        Mistakes.AddRange(Warehouse.Mistakes());
        Mistakes.AddRange(Dashboard.Mistakes());
        Mistakes.AddRange(Money.Mistakes());
        if (Text("CLOSEDLOOP_MASTER_KEY") is { } key && (key.Length != 64 || !key.All(char.IsAsciiHexDigit)))
            Mistakes.Add("CLOSEDLOOP_MASTER_KEY is no key; allowed are 64 hexadecimal digits (openssl rand -hex 32).");
        RoleRules.Check(this, Mistakes);
        Mistakes.AddRange(Grains.Mistakes(this));
    }

    private void ShortNames()
    {
        UnknownShortNames();
        Mistakes.AddRange(Metrics.Traces.Mistakes());
        Port = Number("CLOSEDLOOP_PORT", Port, 1, 65535);
        Bind = Address("CLOSEDLOOP_BIND", Bind);
        Warehouse.Port = Number("CLOSEDLOOP_CLICKHOUSE_PORT", Warehouse.Port, 1, 65535);
        Warehouse.PortBind = Bind;
        Collector.AgentListPath ??= Artifacts.Find("agents/crawler-user-agents.json", Text("CLOSEDLOOP_ARTIFACTS"));
        Data = Text("CLOSEDLOOP_DATA") ?? Data;
        Kafka.Brokers = Text("CLOSEDLOOP_KAFKA") ?? Kafka.Brokers;
        Redis.Servers = Text("CLOSEDLOOP_REDIS") ?? Redis.Servers;
        // Beside Kafka the bookkeeping of webhooks and warehouse is kept here, and without Redis the states; other names, so that nobody takes it for a log.
        Log.Path = Path.Combine(Data, (UsesKafka, UsesRedis) switch { (true, true) => "bookkeeping.db", (true, false) => "states.db", _ => "closedloop.db" });
        // Embedded states have a lane of their file for each partition of the log that they follow.
        if (UsesKafka && !UsesRedis) Log.Partitions = Kafka.Partitions;
        Warehouse.Folder = Path.Combine(Data, "warehouse");
        AdminKey = Secret("CLOSEDLOOP_ADMIN_KEY", 16);
        MasterKey = Text("CLOSEDLOOP_MASTER_KEY");
        DashboardPassword = Secret("CLOSEDLOOP_DASHBOARD_PASSWORD", 8);
        PublicUrl = (Text("CLOSEDLOOP_PUBLIC_URL") ?? $"http://{(Bind is "0.0.0.0" or "::" ? "127.0.0.1" : Bind.Contains(':', StringComparison.Ordinal) ? $"[{Bind}]" : Bind)}:{Port}").TrimEnd('/');
        Dashboard.PublicUrl = PublicUrl;
        if (Text("CLOSEDLOOP_TRUSTED_PROXIES") is { } proxies) Collector.TrustedProxies = List(proxies);
        Money.RatesFile = Text("CLOSEDLOOP_RATES") ?? Money.RatesFile;
        if (Text("CLOSEDLOOP_WEBHOOK_ALLOW") is { } allow) Webhooks.Allow = List(allow);
        switch (Text("CLOSEDLOOP_DURABILITY"))
        {
            case null or "disk": break;
            case "pagecache": Log.Durability = Durability.PageCache; break;
            case "replicated" when UsesKafka: break;
            case { } other: Mistakes.Add($"CLOSEDLOOP_DURABILITY is '{other}'; allowed are disk and pagecache (replicated needs CLOSEDLOOP_KAFKA)."); break;
        }
        Warehouse.Synced = Log.Durability == Durability.Disk;
        Warehouse.ServerUrl = Text("CLOSEDLOOP_CLICKHOUSE_URL") ?? Warehouse.ServerUrl;
    }

    /// <summary>All short names that are settings.</summary>
    public static readonly IReadOnlyList<string> Known =
    [
        "CLOSEDLOOP_PORT", "CLOSEDLOOP_BIND", "CLOSEDLOOP_PUBLIC_URL", "CLOSEDLOOP_TRUSTED_PROXIES", "CLOSEDLOOP_CLICKHOUSE_PORT",
        "CLOSEDLOOP_DATA", "CLOSEDLOOP_ADMIN_KEY", "CLOSEDLOOP_DASHBOARD_PASSWORD", "CLOSEDLOOP_DURABILITY", "CLOSEDLOOP_KAFKA",
        "CLOSEDLOOP_RATES", "CLOSEDLOOP_REDIS", "CLOSEDLOOP_CLICKHOUSE_URL", "CLOSEDLOOP_WEBHOOK_ALLOW", "CLOSEDLOOP_MASTER_KEY", "CLOSEDLOOP_ARTIFACTS",
    ];

    // What ./dev exports for the tests; the program is started with them in its environment.
    private static readonly string[] OfBuild =
        ["CLOSEDLOOP_PROGRAM", "CLOSEDLOOP_CHROMIUM", "CLOSEDLOOP_NGINX", "CLOSEDLOOP_REDIS_SERVER", "CLOSEDLOOP_SHARED", "CLOSEDLOOP_TEST_LONG"];

    // Names of the tests and of the build are nobody's mistake; anything else with our prefix is a typing error that would be silently ignored.
    private void UnknownShortNames()
    {
        foreach (var (key, _) in Configuration.AsEnumerable())
            if (key.StartsWith("CLOSEDLOOP_", StringComparison.OrdinalIgnoreCase) && !key.StartsWith("CLOSEDLOOP_TEST_", StringComparison.Ordinal)
                && !OfBuild.Contains(key, StringComparer.Ordinal) && !Known.Contains(key, StringComparer.Ordinal))
                Mistakes.Add($"{key} is no setting; allowed are {string.Join(", ", Known)}.");
    }

    private string? Text(string name) => string.IsNullOrWhiteSpace(Configuration[name]) ? null : Configuration[name]!.Trim();

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private string? Secret(string name, int charsMin)
    {
        var text = Text(name);
        if (text is not null && (text.Length < charsMin || text.Length > 256)) Mistakes.Add($"{name} has {text.Length} characters; allowed are {charsMin} to 256.");
        return text;
    }

    private int Number(string name, int otherwise, int min, int max)
    {
        if (Text(name) is not { } text) return otherwise;
        if (int.TryParse(text, out var number) && number >= min && number <= max) return number;
        Mistakes.Add($"{name} is '{text}'; allowed are {min} to {max}.");
        return otherwise;
    }

    private string Address(string name, string otherwise)
    {
        if (Text(name) is not { } text) return otherwise;
        if (text == "localhost") return "127.0.0.1";
        if (IPAddress.TryParse(text, out _)) return text;
        Mistakes.Add($"{name} is '{text}'; allowed is an IP address such as 127.0.0.1 or 0.0.0.0.");
        return otherwise;
    }
}
