namespace ClosedLoop.Streaming.Grains;

/// <summary>What became of a call.</summary>
public enum AnswerKind : byte
{
    Done,
    /// <summary>This silo has not met these rules yet: once more, with them.</summary>
    NeedsRules,
    /// <summary>The state could not be read: once more, later.</summary>
    Away,
    /// <summary>The caller's partition has a newer owner.</summary>
    Fenced,
}

/// <summary>What an actor concluded from a batch: its state, facts and messages, to be saved and published by the partition's owner.</summary>
[GenerateSerializer, Immutable, Alias("closedloop.answer")]
public sealed class ActorAnswer
{
    [Id(0)] public AnswerKind Kind { get; init; }

    /// <summary>The state is to be saved.</summary>
    [Id(1)] public bool IsChanged { get; init; }

    [Id(2)] public byte[] State { get; init; } = [];

    /// <summary>Unix seconds, 0 for never; only of a changed state.</summary>
    [Id(3)] public uint DueSeconds { get; init; }

    /// <summary>Framed.</summary>
    [Id(4)] public byte[] Facts { get; init; } = [];

    [Id(5)] public ActorMessages[] Messages { get; init; } = [];

    /// <summary>Counters of this batch alone, as the processor writes them.</summary>
    [Id(6)] public byte[] Counters { get; init; } = [];

    /// <summary>Why it could not be done; a stable word.</summary>
    [Id(7)] public string Reason { get; init; } = "";
}

/// <summary>Framed messages to actors of one partition.</summary>
[GenerateSerializer, Immutable, Alias("closedloop.messages")]
public readonly record struct ActorMessages([property: Id(0)] int Partition, [property: Id(1)] int Count, [property: Id(2)] byte[] Bytes);
