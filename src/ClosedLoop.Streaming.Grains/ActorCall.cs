namespace ClosedLoop.Streaming.Grains;

/// <summary>A batch of one actor's records, and all that the grain needs to know whether its memory still holds.</summary>
[GenerateSerializer, Immutable, Alias("closedloop.call")]
public sealed class ActorCall
{
    /// <summary>Partition whose log the records are from, and where the state is saved.</summary>
    [Id(0)] public int Partition { get; init; }

    /// <summary>Of the partition's owner; a newer one replaces it, and memory from before counts no more.</summary>
    [Id(1)] public long Epoch { get; init; }

    /// <summary>Of this call, never given twice within an epoch, not even to the repetition of a call.</summary>
    [Id(2)] public long Number { get; init; }

    /// <summary>Number of the call whose answer was saved last for this actor in this epoch; 0 when the owner does not know.</summary>
    [Id(3)] public long Since { get; init; }

    /// <summary>Site, zero, actor key.</summary>
    [Id(4)] public byte[] ShelfKey { get; init; } = [];

    /// <summary>Framed, in the order of the log; may be empty.</summary>
    [Id(5)] public byte[] Records { get; init; } = [];

    /// <summary>Above 0: afterwards silence and rules up to this moment are looked at, unix ms.</summary>
    [Id(6)] public long WakeMs { get; init; }

    /// <summary>Hash of the published rules that decide.</summary>
    [Id(7)] public ulong RulesHash { get; init; }

    /// <summary>The rules themselves, where the grain has asked for them.</summary>
    [Id(8)] public byte[]? Rules { get; init; }
}
