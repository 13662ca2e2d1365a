using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Makes the owners of partitions where people live elsewhere than on the owner's own shelf.</summary>
public interface IPartitionOwners
{
    PartitionOwner Of(int partition, ILogger logger);
}
