using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// Syncs the write-ahead file after a commit. SQLite's own sync is fsync, which also writes the file's times and so waits for the file
/// system's journal; fdatasync over a file that was filled in advance waits for nothing but the bytes (measured: 0.1 ms instead of 0.2–2 ms).
/// </summary>
internal sealed partial class DiskSync : IDisposable
{
    private readonly SafeFileHandle _file;

    public DiskSync(string walPath) => _file = File.OpenHandle(walPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>A test's way to let a sync fail.</summary>
    public Action? Fault { get; set; }

    /// <summary>Fills the file with zeros up to this size, so that later syncs find no new blocks to note. SQLite reads zeros as the end.</summary>
    public void Fill(long bytes)
    {
        var zeros = new byte[1 << 20];
        for (var at = RandomAccess.GetLength(_file); at < bytes; at += zeros.Length)
            RandomAccess.Write(_file, zeros.AsSpan(0, (int)Math.Min(zeros.Length, bytes - at)), at);
        RandomAccess.FlushToDisk(_file);
    }

    /// <exception cref="IOException">The disk did not confirm.</exception>
    public void Sync()
    {
        Fault?.Invoke();
        if (!OperatingSystem.IsLinux()) RandomAccess.FlushToDisk(_file);
        else if (fdatasync(_file) != 0) throw new IOException($"fdatasync: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);
}
