using System.Text;

namespace ClosedLoop.Streaming.Segments;

/// <summary>A compiled segment of a <see cref="RuleSet"/>, or one that a person is still in although the set no longer has it.</summary>
public sealed class Segment
{
    private Segment(string name, string? group)
    {
        Name = name;
        NameUtf8 = Encoding.UTF8.GetBytes(name);
        Group = group;
        GroupUtf8 = group is null ? [] : Encoding.UTF8.GetBytes(group);
        Token = WellKnown.TokenOf(NameUtf8.Span, GroupUtf8.Span);
    }

    internal Segment(SegmentDefinition definition, Rule rule) : this(definition.Name, definition.Group)
    {
        Rule = rule;
        Order = definition.Order;
        ActionUtf8 = definition.ActionJson is { } action ? Encoding.UTF8.GetBytes(action) : [];
        Notify = definition.Notify;
        Version = definition.Version;
    }

    public string Name { get; }

    public ReadOnlyMemory<byte> NameUtf8 { get; }

    public string? Group { get; }

    /// <summary>Empty when the segment stands on its own.</summary>
    public ReadOnlyMemory<byte> GroupUtf8 { get; }

    /// <summary>Null when the segment has vanished from the set.</summary>
    public Rule? Rule { get; }

    public int Order { get; }

    /// <summary>JSON; empty when there is none.</summary>
    public ReadOnlyMemory<byte> ActionUtf8 { get; } = ReadOnlyMemory<byte>.Empty;

    public bool Notify { get; }

    /// <summary>The rule's version; 0 when the segment has vanished.</summary>
    public int Version { get; }

    public bool HasVanished => Rule is null;

    /// <summary>Number in <see cref="WellKnown"/>; 0 when the name is written out.</summary>
    internal byte Token { get; }

    internal static Segment Vanished(ReadOnlySpan<byte> name, ReadOnlySpan<byte> group) =>
        new(Encoding.UTF8.GetString(name), group.IsEmpty ? null : Encoding.UTF8.GetString(group));
}
