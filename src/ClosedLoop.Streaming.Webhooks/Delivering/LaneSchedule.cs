using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>
/// What of a lane may be attempted and when: the order of each person, those that are due in order of arrival, those that wait for
/// their time. Guarded by the lane's gate; no clock of its own.
/// </summary>
internal sealed class LaneSchedule
{
    private readonly PersonOrder _persons = new();
    private readonly Queue<Delivery> _ready = new();
    private readonly PriorityQueue<Delivery, long> _later = new();

    public void Add(Delivery delivery)
    {
        if (_persons.Add(delivery)) Offer(delivery);
    }

    /// <summary>Takes a place in the person's order without being offered: it is under way already.</summary>
    public void Hold(Delivery underWay) => _persons.Add(underWay);

    /// <summary>The person's next one takes the place of one that ended.</summary>
    public void Remove(Delivery ended)
    {
        if (_persons.Remove(ended) is { } next) Offer(next);
    }

    /// <summary>Waits until <see cref="Delivery.DueMs"/>; the person's later ones wait behind it.</summary>
    public void Offer(Delivery head)
    {
        if (head.DueMs == 0) _ready.Enqueue(head);
        else _later.Enqueue(head, head.DueMs);
    }

    /// <summary>Makes a waiting one due at once; false when it stands behind another or is under way.</summary>
    public bool Hasten(Delivery delivery)
    {
        if (delivery.State != DeliveryState.Waiting || delivery.DueMs == 0 || !_persons.IsHead(delivery)) return false;
        delivery.DueMs = 0;
        _ready.Enqueue(delivery);
        return true;
    }

    /// <summary>The next one that may be attempted now, left in its place; null when there is none.</summary>
    public Delivery? Peek(long nowMs)
    {
        while (_later.TryPeek(out var delivery, out var dueMs) && dueMs <= nowMs)
        {
            _later.Dequeue();
            // An entry whose time no longer is the delivery's was overtaken by a hastening.
            if (delivery.State != DeliveryState.Waiting || delivery.DueMs != dueMs) continue;
            delivery.DueMs = 0;
            _ready.Enqueue(delivery);
        }
        // What was dropped meanwhile is passed over here, rather than searched for when it is dropped.
        while (_ready.TryPeek(out var next))
        {
            if (next.State == DeliveryState.Waiting) return next;
            _ready.Dequeue();
        }
        return null;
    }

    public void Take() => _ready.Dequeue();

    public void RemoveAll(Id person) => _persons.RemoveAll(person);

    /// <summary>Unix ms of the earliest one that waits for its time; null when none does.</summary>
    public long? EarliestMs => _later.TryPeek(out _, out var dueMs) ? dueMs : null;

    public void Clear()
    {
        _persons.Clear();
        _ready.Clear();
        _later.Clear();
    }
}
