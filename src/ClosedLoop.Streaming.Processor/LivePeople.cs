using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Reads live states of this process for the API: one person, or all in pages. Copies under the partition's gate, decodes outside it.</summary>
public sealed class LivePeople(ProcessorService processor)
{
    /// <summary>Null when unknown.</summary>
    public VisitorState? Visitor(string site, string visitorId)
    {
        var blob = Read(site, ActorKey.OfVisitor(visitorId));
        if (blob is null) return null;
        var state = new VisitorState();
        state.Read(blob);
        return state;
    }

    /// <summary>Null when unknown.</summary>
    public LeadState? Lead(string site, Id lead)
    {
        var blob = Read(site, ActorKey.OfLead(lead));
        if (blob is null) return null;
        var state = new LeadState();
        state.Read(blob);
        return state;
    }

    /// <summary>The lead of an identifier ('e:…', 'p:…', 'x:…'); None when unknown.</summary>
    public Id LeadOf(string site, string identifier)
    {
        var blob = Read(site, ActorKey.OfIdentifier(identifier));
        return blob is null ? Id.None : IdentifierState.Read(blob).Lead;
    }

    /// <summary>Called with copies: site, actor key, state.</summary>
    public delegate void Visit(string site, byte[] key, byte[] state);

    /// <summary>
    /// Visits at most <paramref name="statesMax"/> judged states from a position on (partition and slot; start at 0, 0) and returns the next
    /// position, or null at the end. States keep their position until they are removed.
    /// </summary>
    public (int Partition, int Slot)? Scan((int Partition, int Slot) from, int statesMax, Visit visit)
    {
        var (partition, slot) = from;
        var batch = new List<(byte[] Key, byte[] State)>();
        for (; partition < processor.Owners.Count; partition++, slot = 0)
        {
            var shelf = processor.Owners[partition].Shelf;
            batch.Clear();
            lock (shelf.Gate)
                for (; slot < shelf.SlotCount && batch.Count < statesMax; slot++)
                    if (shelf.TryReadSlot(slot, out var key, out var state) && IsPerson(key)) batch.Add((key.ToArray(), state.ToArray()));
            foreach (var (shelfKey, state) in batch)
            {
                ActorKey.Split(shelfKey, out var site, out var key);
                visit(Encoding.UTF8.GetString(site), key.ToArray(), state);
            }
            statesMax -= batch.Count;
            if (statesMax <= 0) return (partition, slot);
        }
        return null;
    }

    private static bool IsPerson(ReadOnlySpan<byte> shelfKey)
    {
        ActorKey.Split(shelfKey, out _, out var key);
        return !key.IsEmpty && key[0] is ActorKey.Visitor or ActorKey.Lead;
    }

    private byte[]? Read(string site, byte[] key)
    {
        var siteBytes = Encoding.UTF8.GetBytes(site);
        var owner = processor.Owners[Partitioning.Of(siteBytes, key, processor.Owners.Count)];
        var shelfKey = new byte[siteBytes.Length + 1 + key.Length];
        ActorKey.OnShelf(siteBytes, key, shelfKey);
        lock (owner.Shelf.Gate)
            return owner.Shelf.TryGet(shelfKey, out ReadOnlySpan<byte> state) ? state.ToArray() : null;
    }
}
