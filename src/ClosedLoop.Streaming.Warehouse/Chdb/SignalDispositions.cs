using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.Warehouse.Chdb;

/// <summary>
/// Remembers what the process does on each signal and puts it back on <see cref="Dispose"/>. Switching off the engine's handlers resets
/// deadly signals to the system's default, and the runtime needs its own: a null reference is a SIGSEGV that it turns into an exception.
/// </summary>
internal sealed unsafe partial class SignalDispositions : IDisposable
{
    // glibc on x64: struct sigaction has 152 bytes; more does no harm.
    private const int ActionBytesMax = 256;
    private const int SignalMax = 31;

    private readonly byte[] _saved = new byte[(SignalMax + 1) * ActionBytesMax];

    public static SignalDispositions Keep()
    {
        var kept = new SignalDispositions();
        kept.Each(static (signal, action) => sigaction(signal, null, action));
        return kept;
    }

    public void Dispose() => Each(static (signal, action) => sigaction(signal, action, null));

    private delegate int OnSignal(int signal, byte* action);

    private void Each(OnSignal act)
    {
        fixed (byte* saved = _saved)
        {
            for (var signal = 1; signal <= SignalMax; signal++)
            {
                // KILL and STOP can't be handled.
                if (signal is 9 or 19) continue;
                _ = act(signal, saved + signal * ActionBytesMax);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int sigaction(int signal, byte* action, byte* previous);
}
