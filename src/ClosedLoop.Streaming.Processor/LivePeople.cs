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

    private byte[]? Read(string site, byte[] key)
    {
        var siteBytes = Encoding.UTF8.GetBytes(site);
        var shelfKey = new byte[siteBytes.Length + 1 + key.Length];
        ActorKey.OnShelf(siteBytes, key, shelfKey);
        return states.Read(Partitioning.Of(siteBytes, key, states.Partitions), shelfKey);
    }
}
