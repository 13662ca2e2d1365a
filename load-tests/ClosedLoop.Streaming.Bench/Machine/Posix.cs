using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClosedLoop.Streaming.Bench.Machine;

/// <summary>The three calls that .NET has no name for.</summary>
internal static partial class Posix
{
    private const int ThreadCpuTime = 3, Term = 15;

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds, Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FdataSync(SafeFileHandle file);

    /// <summary>CPU seconds of this thread so far: other work on the machine doesn't count.</summary>
    public static double ThreadSeconds() => ClockGetTime(ThreadCpuTime, out var time) == 0 ? time.Seconds + time.Nanoseconds / 1e9 : throw new IOException("clock_gettime failed.");

    public static void Terminate(int pid) => _ = Kill(pid, Term);

    public static void Sync(SafeFileHandle file)
    {
        if (FdataSync(file) != 0) throw new IOException($"fdatasync failed with {Marshal.GetLastPInvokeError()}.");
    }
}
