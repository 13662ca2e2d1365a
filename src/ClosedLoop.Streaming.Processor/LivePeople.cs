using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Reads the live state of one person for the API, from wherever states can be read.</summary>
public sealed class LivePeople(IStateReader states)
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

    /// <summary>Names of one person that are followed to the one that stands; longer chains exist only for a moment.</summary>
    private const int NamesMax = 8;

    /// <summary>The person that a lead belongs to: the lead that names it, and its state. Null when unknown.</summary>
    public (Id Lead, LeadState State)? Person(string site, Id lead)
    {
        for (var names = 0; names < NamesMax; names++)
        {
            var blob = Read(site, ActorKey.OfLead(lead));
            if (blob is null) return null;
            var state = new LeadState();
            state.Read(blob);
            if (state.IsRoot || names == NamesMax - 1) return (lead, state);
            lead = state.Root.Lead;
        }
        return null;
    }

    /// <summary>The home of an identifier ('e:…', 'p:…', 'x:…'), for <see cref="Person"/>.</summary>
    public static Id HomeOf(string site, string identifier) =>
        IdentifierHome.LeadOf(Encoding.UTF8.GetBytes(site), Encoding.UTF8.GetBytes(identifier));

    private byte[]? Read(string site, byte[] key)
    {
        var siteBytes = Encoding.UTF8.GetBytes(site);
        var shelfKey = new byte[siteBytes.Length + 1 + key.Length];
        ActorKey.OnShelf(siteBytes, key, shelfKey);
        return states.Read(Partitioning.Of(siteBytes, key, states.Partitions), shelfKey);
    }
}
