namespace ClosedLoop.Streaming.Dashboard;

internal static class Placeholder;
