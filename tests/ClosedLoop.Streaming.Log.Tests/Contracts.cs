using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.Log.Tests;

public sealed class MemoryLogKeepsTheContract : LogContract
{
    protected override Task<ILog> OpenAsync() => Task.FromResult<ILog>(new MemoryLog());

    protected override Task CloseAsync() => Task.CompletedTask;
}

public abstract class EmbeddedLogContract(Durability durability, int tailBytesMax) : LogContract
{
    private readonly LogFolder _folder = new();
    private EmbeddedFile? _file;

    protected override Task<ILog> OpenAsync()
    {
        _file = _folder.Open(o => (o.Durability, o.TailBytesMax) = (durability, tailBytesMax));
        return Task.FromResult<ILog>(new EmbeddedLog(_file));
    }

    protected override Task CloseAsync()
    {
        _file?.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }
}

public sealed class EmbeddedLogAtDiskKeepsTheContract() : EmbeddedLogContract(Durability.Disk, 1 << 20);

public sealed class EmbeddedLogAtPageCacheKeepsTheContract() : EmbeddedLogContract(Durability.PageCache, 1 << 20);

/// <summary>With hardly any memory, so that readers go to the file.</summary>
public sealed class EmbeddedLogFromTheFileKeepsTheContract() : EmbeddedLogContract(Durability.PageCache, 0);
