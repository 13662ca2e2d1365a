using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>Who waits for whom: of each person only the oldest delivery may be attempted; others wait behind it (CONTRACT.md §5).</summary>
internal sealed class PersonOrder
{
    private readonly Dictionary<Id, (Delivery Head, Delivery Tail)> _chains = [];

    /// <summary>True when it is the person's oldest, so that it may be attempted.</summary>
    public bool Add(Delivery delivery)
    {
        if (!_chains.TryGetValue(delivery.Person, out var chain))
        {
            _chains[delivery.Person] = (delivery, delivery);
            return true;
        }
        chain.Tail.NextOfPerson = delivery;
        _chains[delivery.Person] = (chain.Head, delivery);
        return false;
    }

    /// <summary>Takes the person's oldest away and gives the one that may be attempted now, if any.</summary>
    public Delivery? Remove(Delivery head)
    {
        var next = head.NextOfPerson;
        head.NextOfPerson = null;
        if (next is null) _chains.Remove(head.Person);
        else _chains[head.Person] = (next, _chains[head.Person].Tail);
        return next;
    }

    /// <summary>Forgets the whole order of a person.</summary>
    public void RemoveAll(Id person) => _chains.Remove(person);

    public bool IsHead(Delivery delivery) => _chains.TryGetValue(delivery.Person, out var chain) && ReferenceEquals(chain.Head, delivery);

    public void Clear() => _chains.Clear();
}
