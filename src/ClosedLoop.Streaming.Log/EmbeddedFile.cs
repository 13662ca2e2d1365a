using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// The embedded file: open from construction to disposal, by one process. Disposal commits what waits and closes cleanly; after a kill
/// the next opening finds everything that was acknowledged.
/// </summary>
public sealed class EmbeddedFile : IEmbeddedFile, IDisposable
{
    private readonly DataLock _lock;
    private readonly EmbeddedFileParts _parts;
    private readonly ReaderPool _pool;
    private readonly Upkeep _upkeep;
    private readonly Thread _committing;
    private readonly Thread _keepingUp;
    private readonly ChunkReader _reader;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource<LogUnavailableException> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposed;

    /// <summary>Opens or makes the file.</summary>
    /// <exception cref="InvalidOperationException">In use, of another format, or of another number of partitions; the message says what to do.</exception>
    public EmbeddedFile(EmbeddedLogOptions options, TimeProvider clock, ILogger<EmbeddedFile> logger)
        : this(options, clock, logger, null)
    {
    }

    internal EmbeddedFile(EmbeddedLogOptions options, TimeProvider clock, ILogger logger, Func<long>? freeBytes)
    {
        if (options.Mistakes() is { Count: > 0 } mistakes) throw new InvalidOperationException(string.Join(Environment.NewLine, mistakes));
        _logger = logger;
        var path = Path.GetFullPath(options.Path);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        _lock = new DataLock(path + ".lock");
        var opened = new FileOpening(options, path, clock, logger);
        try
        {
            (_parts, _pool, Damages) = opened.Open();
            Positions = opened.Positions(Submit);
        }
        catch (Exception e)
        {
            opened.Abandon();
            _lock.Dispose();
            if (e is InvalidDataException or SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB }) throw Refusals.Damaged(path, e);
            throw;
        }
        Identity = opened.FileId.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        Options = options;
        Lanes = _parts.Lanes;
        _reader = new ChunkReader(_pool, Damages);
        Damages.Noticed = Keep;
        Retention = new Retention(options, clock, Lanes, Positions, _pool, Submit, _parts.Telemetry);
        _parts.Telemetry.Observe(() => _parts.Queue.WaitingBytes, () => FileBytes(path) + FileBytes(path + "-wal"));
        _upkeep = new Upkeep(_parts, Retention, freeBytes ?? (() => new DriveInfo(folder).AvailableFreeSpace), logger) { Fatal = Fail };
        _committing = Start("log committer", new Committer(_parts, logger) { Fatal = Fail }.Run);
        _keepingUp = Start("log upkeep", _upkeep.Run);
        LogMessages.Opened(logger, path, Lanes.Sum(l => l.End - l.Start), options.Partitions, options.Durability);
    }

    /// <summary>Completes with the reason when the file can't go on; the Host then stops the process.</summary>
    public Task<LogUnavailableException> Failed => _failed.Task;

    /// <summary>Where a base snapshot covers the hits; until it is set, retention leaves the hits alone.</summary>
    public IRetentionGate? RetentionGate
    {
        get => Retention.Gate;
        set => Retention.Gate = value;
    }

    /// <summary>True while appends are taken: neither stopping nor failed nor out of space.</summary>
    public bool IsAccepting => _parts.Queue.Refusal is null;

    /// <summary>Drawn when the file was made.</summary>
    public string Identity { get; }

    internal EmbeddedLogOptions Options { get; }
    internal Lane[] Lanes { get; }
    internal Damages Damages { get; }
    internal Positions Positions { get; }
    internal Retention Retention { get; }
    internal DiskSync Sync => _parts.Sync;

    public Task SubmitAsync(CommitUnit unit) => Submit(unit, null);

    public SqliteConnection OpenReader() => _pool.Open();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _parts.Queue.Close(Refusals.Stopping);
        _upkeep.Stop();
        _keepingUp.Join();
        _committing.Join();
        _upkeep.Finish();
        foreach (var lane in Lanes) lane.Close(Refusals.Stopping);
        _pool.Dispose();
        _parts.Dispose();
        _lock.Dispose();
    }

    internal Task Append(int lane, ReadOnlySpan<byte> record)
    {
        if (record.Length > Options.RecordBytesMax)
        {
            _parts.Telemetry.Refused(Refusals.TooLargeReason, 1);
            throw Refusals.TooLarge(record.Length, Options.RecordBytesMax);
        }
        if (_parts.Queue.Append(lane, record, out var refusal) is { } task) return task;
        _parts.Telemetry.Refused(refusal!.Reason, 1);
        return Task.FromException(refusal);
    }

    /// <exception cref="LogUnavailableException">The file could not be read: <c>read_failed</c>.</exception>
    internal LogSlice? ReadOlder(Lane lane, long from, long end, int bytesMax)
    {
        try
        {
            return _reader.Read(lane, from, end, bytesMax);
        }
        catch (SqliteException e)
        {
            throw Refusals.ReadFailed(e);
        }
    }

    private Task Submit(CommitUnit unit, Action? committed)
    {
        var work = new Work(unit, Copy(unit.Appends), Stopwatch.GetTimestamp(), committed);
        if (_parts.Queue.Submit(work, out var refusal) is { } task) return task;
        _parts.Telemetry.Refused(refusal!.Reason, 1);
        return Task.FromException(refusal);
    }

    private Segment[] Copy(IReadOnlyList<AppendBlock> blocks)
    {
        if (blocks.Count == 0) return [];
        var segments = new List<Segment>(blocks.Count);
        foreach (var block in blocks)
        {
            var lane = LaneMap.Index(block.Topic, block.Partition, Options.Partitions);
            if (Frames.Count(block.Bytes.Span) != block.Count)
                throw new ArgumentException($"A block for {block.Topic}/{block.Partition} does not hold {block.Count} framed records.");
            Frames.Split(block.Bytes.ToArray(), block.Count, (bytes, count) => segments.Add(new Segment(lane, bytes, count)));
        }
        return [.. segments];
    }

    private void Keep(LogDamage damage)
    {
        var now = _parts.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        // Whoever finds it waits for nothing; when it can't be kept now, the next reader finds it again.
        _ = Submit(new CommitUnit([], (connection, _) => Damages.Save(connection, damage, now), 256, Background: true), null);
    }

    private void Fail(LogUnavailableException reason)
    {
        foreach (var group in _parts.Queue.Abandon(reason)) Committer.Finish(group, reason);
        foreach (var lane in Lanes) lane.Close(reason);
        if (_failed.TrySetResult(reason)) LogMessages.Fatal(_logger, reason.Message, reason);
    }

    private static Thread Start(string name, ThreadStart run)
    {
        var thread = new Thread(run) { Name = name, IsBackground = true };
        thread.Start();
        return thread;
    }

    private static long FileBytes(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
