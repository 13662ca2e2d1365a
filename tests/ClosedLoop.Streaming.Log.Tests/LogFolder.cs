using ClosedLoop.Streaming.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Log.Tests;

/// <summary>A data folder of one test, gone with it.</summary>
internal sealed class LogFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("closedloop-log-").FullName;

    public string Database => Path.Combine(_folder, "closedloop.db");

    public EmbeddedLogOptions Options(Action<EmbeddedLogOptions>? change = null)
    {
        var options = new EmbeddedLogOptions { Path = Database, FreeBytesMin = 0, WalBytesMax = 1 << 20, WalFillBytes = 1 << 20 };
        change?.Invoke(options);
        return options;
    }

    public EmbeddedFile Open(Action<EmbeddedLogOptions>? change = null, Func<long>? freeBytes = null, TimeProvider? clock = null) =>
        new(Options(change), clock ?? TimeProvider.System, NullLogger.Instance, freeBytes);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
