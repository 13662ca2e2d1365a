using System.Text.Json;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Settings;

/// <summary>
/// Settings are a log too: every change is a record of the topic of settings, and the snapshot is what all of them add up to.
/// Every role follows; one role writes.
/// </summary>
public sealed class SettingsStore(ILog log, TimeProvider time, ILogger<SettingsStore> logger) : ISettings, IDisposable
{
    private const int ReadBytesMax = 1 << 20;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Lock _applying = new();
    private SettingsSnapshot _current = new();
    private long _next;

    public SettingsSnapshot Current => Volatile.Read(ref _current);

    public event Action<SettingsSnapshot>? Changed;

    /// <summary>Reads all that is in the log now.</summary>
    public async Task LoadAsync(CancellationToken cancel)
    {
        var end = log.EndOffset(Topic.Settings, 0);
        while (_next < end) Take(await log.ReadAsync(Topic.Settings, 0, _next, ReadBytesMax, cancel));
    }

    /// <summary>Follows what other processes write, until cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested) Take(await log.ReadAsync(Topic.Settings, 0, Interlocked.Read(ref _next), ReadBytesMax, cancel));
    }

    /// <summary>
    /// Decides on the newest snapshot and writes what was decided; durable when the task completes. The decision may throw to refuse,
    /// or return null to leave things as they are. Decisions run one after another.
    /// </summary>
    /// <exception cref="LogUnavailableException">The change could not be made durable.</exception>
    public async Task<SettingsSnapshot> UpdateAsync(Func<SettingsSnapshot, SettingsChange?> decide, CancellationToken cancel = default)
    {
        await _writing.WaitAsync(cancel);
        try
        {
            // Another dashboard may have written since: what is decided on is the newest that is known now.
            await LoadAsync(cancel);
            if (decide(Current) is not { } change) return Current;
            var payload = change.Write();
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var record = new RecordWriter(payload.Length + 64)
                .Begin(RecordKind.Published, now, Id.OfBytes(payload), default, default).Add(Field.Payload, payload);
            await log.AppendAsync(Topic.Settings, 0, record.Written);
            await LoadAsync(cancel);
            return Current;
        }
        finally { _writing.Release(); }
    }

    private void Take(LogSlice slice)
    {
        SettingsSnapshot snapshot;
        lock (_applying)
        {
            // The follower and a writer may both have read this slice.
            if (slice.Next <= _next) return;
            snapshot = Current;
            var reader = new RecordReader();
            var offset = slice.FirstOffset;
            foreach (var record in slice)
                if (offset++ >= _next) snapshot = Apply(snapshot, reader, record, offset - 1);
            Interlocked.Exchange(ref _next, slice.Next);
            Volatile.Write(ref _current, snapshot);
        }
        Changed?.Invoke(snapshot);
    }

    private SettingsSnapshot Apply(SettingsSnapshot snapshot, RecordReader reader, ReadOnlyMemory<byte> record, long offset)
    {
        try
        {
            if (reader.TryRead(record)) return SettingsChange.Read(reader[Field.Payload]).ApplyTo(snapshot);
        }
        catch (JsonException) { }
        SettingsLog.Unreadable(logger, offset);
        return snapshot;
    }

    public void Dispose() => _writing.Dispose();
}

internal static partial class SettingsLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Settings record {Offset} cannot be read and is left out; the setting before it stands.")]
    public static partial void Unreadable(ILogger logger, long offset);
}
