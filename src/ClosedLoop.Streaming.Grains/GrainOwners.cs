using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.States;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Grains;

/// <summary>What the owners of all partitions of this process share.</summary>
public sealed class GrainOwners(
    ILog log, IUnloadedJournal journal, ISavedStates states, ISleepers sleepers, IGrainFactory grains, GrainsOptions options, GrainsTelemetry telemetry,
    ProcessorOptions processor, ProcessorTelemetry steps, TimeProvider time) : IPartitionOwners
{
    public PartitionOwner Of(int partition, ILogger logger) =>
        new GrainOwner(partition, this, new ActorCalls(partition, grains, options, telemetry, time), logger);

    internal ILog Log => log;
    internal IUnloadedJournal Journal => journal;
    internal ISavedStates States => states;
    internal ISleepers Sleepers => sleepers;
    internal ProcessorOptions Processor => processor;
    internal ProcessorTelemetry Steps => steps;
    internal TimeProvider Time => time;
}
