using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.Warehouse.Chdb;

/// <summary>
/// A thread for the engine: with the stack that its parser expects (it recurses on the caller's thread, and a pool thread's can be
/// smaller), and behind the doors. The engine's own threads inherit the place of the thread that starts them, so merges and inserts take
/// what hits, judging and webhooks leave over instead of making them wait for a turn on the processor.
/// </summary>
internal static partial class ChdbThread
{
    private const int StackBytes = 8 * 1024 * 1024;
    /// <summary>Steps of the system's "nice": ten is about a tenth of a turn when somebody else wants the processor too.</summary>
    private const int Behind = 10;

    public static void Start(string name, Action act) => new Thread(() =>
    {
        // Refused only where the system has no such notion; then all are equal, as before.
        if (OperatingSystem.IsLinux()) _ = nice(Behind);
        act();
    }, StackBytes) { IsBackground = true, Name = name }.Start();

    [LibraryImport("libc")]
    private static partial int nice(int steps);
}
