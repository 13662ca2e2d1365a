namespace ClosedLoop.Streaming.House.Tests;

/// <summary>The rooms in reading order. A room uses only rooms above it; this is the one place that says so.</summary>
internal static class Rooms
{
    public const string Prefix = "ClosedLoop.Streaming.";

    public static readonly string[] InOrder =
    [
        "Events", "Visitors", "Segments", "Credit",
        "Log", "States", "Settings", "Collector", "Processor", "Grains", "Webhooks", "Warehouse", "Reports", "Dashboard", "Host",
    ];

    /// <summary>They decide and never wait: no package, no I/O, no clock.</summary>
    public static readonly string[] Pure = ["Events", "Visitors", "Segments", "Credit"];

    public static string Folder(string room) => $"src/{Prefix}{room}";

    public static string Project(string room) => $"{Folder(room)}/{Prefix}{room}.csproj";
}
