namespace ClosedLoop.Streaming.Segments;

/// <summary>A segment as somebody writes it down.</summary>
public sealed record SegmentDefinition
{
    /// <summary>1–64 of a-z 0-9 _ -.</summary>
    public required string Name { get; init; }

    public required string Rule { get; init; }

    /// <summary>Of the segments of one group a person is in at most one; null: on its own. The same characters as a name.</summary>
    public string? Group { get; init; }

    /// <summary>In a group the first match by (order, name) wins.</summary>
    public int Order { get; init; }

    /// <summary>What to do with such a person: any JSON, delivered with the webhook; null: nothing.</summary>
    public string? ActionJson { get; init; }

    /// <summary>Whether a change of the rule itself sends webhooks.</summary>
    public bool Notify { get; init; }

    /// <summary>Counts the changes of this segment.</summary>
    public int Version { get; init; } = 1;
}

/// <summary>What is wrong with a segment. <paramref name="Position"/> is the character of the rule, or −1 when it is not the rule.</summary>
public sealed record SegmentMistake(string Segment, int Position, string Message);
