using ClosedLoop.Streaming.Log;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// Writes a base snapshot of each partition from time to time while a bound on age or size of the hits is set: only what a base contains may
/// be deleted. Without such a bound the whole log is there for a replay, and a base would only take room.
/// </summary>
internal sealed partial class SnapshotSchedule(
    EmbeddedJournal journal, StatesOptions options, EmbeddedLogOptions log, TimeProvider time, ILogger<SnapshotSchedule> logger) : BackgroundService
{
    // Soon after the start, so that a process that is restarted often writes one as well; not at once, when everything else wants the disk.
    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (log.HitsAgeMax is null && log.HitsBytesMax is null) return;
        try
        {
            await Task.Delay(FirstAfter < options.SnapshotEvery ? FirstAfter : options.SnapshotEvery, time, stoppingToken).ConfigureAwait(false);
            while (true)
            {
                foreach (var partition in journal.Uncovered()) await WriteAsync(partition, stoppingToken).ConfigureAwait(false);
                await Task.Delay(options.SnapshotEvery, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // A stop like any other.
        }
    }

    private async Task WriteAsync(int partition, CancellationToken cancel)
    {
        try
        {
            var written = await journal.WriteAsync(partition, cancel).ConfigureAwait(false);
            Written(logger, partition, written.Absorbed, written.Chunks);
        }
        catch (Exception e) when (e is StateChunkCorruptException or StatesPositionCorruptException or LogUnavailableException)
        {
            // The old base stays, so nothing is lost and retention waits; the next turn tries again.
            NotWritten(logger, partition, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Base snapshot of partition {Partition}: hits before {Absorbed}, {Chunks} chunks.")]
    private static partial void Written(ILogger logger, int partition, long absorbed, long chunks);

    [LoggerMessage(Level = LogLevel.Error, Message = "No base snapshot of partition {Partition} could be written; hits are kept until one can. {Reason}")]
    private static partial void NotWritten(ILogger logger, int partition, string reason);
}
