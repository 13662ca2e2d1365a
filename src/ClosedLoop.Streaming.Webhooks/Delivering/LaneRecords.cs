namespace ClosedLoop.Streaming.Webhooks;

/// <summary>What a lane has to write down: changed deliveries and the newest attempts. Guarded by the lane's gate.</summary>
internal sealed class LaneRecords(string endpoint, int historyMax)
{
    private readonly Queue<DeliveryRecord> _history = new();
    private DeliveryRecord[] _beingWritten = [];
    private List<Delivery> _changed = [];

    public bool Any => _changed.Count > 0 || _history.Count > 0;

    public void Change(Delivery delivery)
    {
        if (delivery.Changed) return;
        delivery.Changed = true;
        _changed.Add(delivery);
    }

    /// <summary>Of attempts between two writes only as many are kept as the file would keep.</summary>
    public void Remember(DeliveryRecord record)
    {
        if (_history.Count == historyMax) _history.Dequeue();
        _history.Enqueue(record);
    }

    /// <summary>What the file doesn't have yet, newest first.</summary>
    public DeliveryRecord[] Recent() => [.. _history.Reverse(), .. _beingWritten.Reverse()];

    /// <summary>The last batch is durable.</summary>
    public void WrittenDown() => _beingWritten = [];

    /// <summary>
    /// Fills the batch and says what is settled once the batch is durable. Deliveries younger than <paramref name="olderThanMs"/> that
    /// are still on their way stay for the next time: most of them will have succeeded by then and never need a row.
    /// </summary>
    public void Collect(StoreBatch batch, List<Delivery> settled, List<Delivery> written, long olderThanMs)
    {
        _beingWritten = [.. _history];
        _history.Clear();
        if (_beingWritten.Length > 0) batch.History.Add(new HistoryRow(endpoint, _beingWritten));
        var changed = _changed;
        _changed = [];
        foreach (var delivery in changed)
        {
            if (!delivery.Ended && !delivery.Written && delivery.CreatedMs > olderThanMs)
            {
                _changed.Add(delivery);
                continue;
            }
            delivery.Changed = false;
            Collect(delivery, batch, written);
            settled.Add(delivery);
        }
    }

    private void Collect(Delivery delivery, StoreBatch batch, List<Delivery> written)
    {
        if (delivery.State == DeliveryState.Dead) batch.Dead.Add(Dead(delivery));
        if (delivery.Ended)
        {
            if (delivery.Written) batch.Deletes.Add(delivery.Sequence);
        }
        else if (delivery.Written)
        {
            batch.Updates.Add((delivery.Sequence, delivery.Attempts, delivery.DueMs));
        }
        else
        {
            batch.Inserts.Add(Pending(delivery));
            written.Add(delivery);
        }
    }

    private PendingRow Pending(Delivery d) =>
        new(d.Sequence, endpoint, d.Message, d.Person, d.Type, d.CreatedMs, d.Attempts, d.DueMs, d.Body);

    private DeadRow Dead(Delivery d) =>
        new(d.Sequence, endpoint, d.Message, d.Person, d.Type, d.CreatedMs, d.EndedMs, d.Attempts, d.Status, d.Reason, d.Body);
}
