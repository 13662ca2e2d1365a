using System.Text;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.World;

/// <summary>Somebody who is judged: an anonymous visitor or a lead, read from a durable state.</summary>
/// <param name="Key">'v' + visitor id or 'l' + lead id.</param>
/// <param name="KeyOf">The actor key under which each part made its sessions.</param>
public sealed record Judged(string Key, Person Person, Standing Standing, Func<int, byte[]> KeyOf)
{
    public IReadOnlyList<string> Segments => World.SegmentsOf(Standing);
}

public static class People
{
    /// <summary>Everybody in states with their shelf keys, by key.</summary>
    public static IReadOnlyList<Judged> Of(IEnumerable<(byte[] ShelfKey, byte[] State)> states)
    {
        var people = new List<Judged>();
        foreach (var (shelfKey, state) in states)
        {
            ActorKey.Split(shelfKey, out _, out var key);
            if (key.IsEmpty) continue;
            if (key[0] == ActorKey.Visitor && Visitor(key.ToArray(), state) is { } visitor) people.Add(visitor);
            if (key[0] == ActorKey.Lead && Lead(key.ToArray(), state) is { } lead) people.Add(lead);
        }
        return [.. people.OrderBy(p => p.Key, StringComparer.Ordinal)];
    }

    public static IReadOnlyList<Judged> Of(World world) =>
        Of(world.Partitions.SelectMany(p => p.Durable.Values.Select(d => (d.Key, d.State))));

    private static Judged? Visitor(byte[] key, byte[] blob)
    {
        var state = new VisitorState();
        state.Read(blob);
        return state.Link != Link.None ? null : new Judged(Encoding.UTF8.GetString(key), new Person().Of(state.History), state.Standing, _ => key);
    }

    private static Judged? Lead(byte[] key, byte[] blob)
    {
        var state = new LeadState();
        state.Read(blob);
        if (!state.IsRoot || state.IsEmpty) return null;
        return new Judged(Encoding.UTF8.GetString(key), state.AsPerson(new Person()), state.Standing, i => state.KeyOf(i, key));
    }
}
