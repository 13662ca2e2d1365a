using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Whom a record of the log concerns.</summary>
public enum RouteKind : byte
{
    /// <summary>One browser, identifier or person: <see cref="Route.ShelfKey"/> is its state, and no other is touched.</summary>
    Actor,
    /// <summary>The partition's own books: at most the state of <see cref="Route.ShelfKey"/> is touched.</summary>
    Desk,
    /// <summary>All whose silence is over.</summary>
    Clock,
    /// <summary>Everybody, from here on.</summary>
    Rules,
}

/// <summary>Says before a record is worked on which state it needs, so that actors can live apart.</summary>
/// <param name="ShelfKey">Site, zero, actor key; empty when no state is touched.</param>
public readonly record struct Route(RouteKind Kind, byte[] ShelfKey)
{
    private static readonly Route Nobody = new(RouteKind.Desk, []);

    /// <param name="reader">For use; holds the record afterwards.</param>
    public static Route Of(ReadOnlyMemory<byte> record, RecordReader reader)
    {
        if (!reader.TryRead(record) || !Admission.IsSound(reader)) return Nobody;
        return reader.Kind switch
        {
            RecordKind.Tick => new Route(RouteKind.Clock, []),
            RecordKind.Published => new Route(RouteKind.Rules, []),
            RecordKind.Refused => reader.Has(Field.EventId) ? new Route(RouteKind.Desk, Key(reader.Site, ActorKey.OfLine(reader[Field.EventId]))) : Nobody,
            _ when reader.Key.IsEmpty => Nobody,
            _ => new Route(ActorKey.IsActor(reader.Key[0]) ? RouteKind.Actor : RouteKind.Desk, Key(reader.Site, reader.Key)),
        };
    }

    /// <summary>Where the published rules lie.</summary>
    public static byte[] PublishedShelfKey { get; } = Key(default, ActorKey.PublishedKey);

    private static byte[] Key(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key)
    {
        var whole = new byte[site.Length + 1 + key.Length];
        ActorKey.OnShelf(site, key, whole);
        return whole;
    }
}
