using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks;

internal sealed partial class Lane
{
    /// <summary>What waits is given up with a record; what is under way ends by itself.</summary>
    private void GiveUpAll(string reason)
    {
        _schedule.Clear();
        foreach (var delivery in _open.Values.OrderBy(d => d.Sequence).ToArray())
        {
            // Those under way keep their place in the order, alone, so that their ending finds it.
            if (delivery.State == DeliveryState.UnderWay)
            {
                delivery.NextOfPerson = null;
                _schedule.Hold(delivery);
                continue;
            }
            delivery.NextOfPerson = null;
            GiveUp(delivery, reason);
            _records.Change(delivery);
        }
    }

    /// <summary>Drops what waits about an erased person; what is under way is not tried again. The news of the erasure itself comes after.</summary>
    public void Erase(IReadOnlyCollection<Id> persons)
    {
        lock (_gate)
        {
            foreach (var person in persons) _schedule.RemoveAll(person);
            foreach (var delivery in _open.Values.Where(d => persons.Contains(d.Person)).OrderBy(d => d.Sequence).ToArray())
            {
                delivery.NextOfPerson = null;
                if (delivery.Type == MessageType.PersonErased && delivery.State == DeliveryState.Waiting) _schedule.Add(delivery);
                else if (delivery.State == DeliveryState.UnderWay) Spare(delivery);
                else Drop(delivery, "The person was erased.");
                _records.Change(delivery);
            }
        }
    }

    private void Spare(Delivery underWay)
    {
        underWay.Erased = underWay.Type != MessageType.PersonErased;
        _schedule.Hold(underWay);
    }

    private void GiveUp(Delivery delivery, string reason)
    {
        delivery.Reason = reason;
        End(delivery, DeliveryState.Dead);
        Remember(delivery, "dead", 0, reason);
        _with.Telemetry.Ended("dead");
    }

    private void Overflow(Delivery delivery)
    {
        if (!_toldOverflow) _with.Overflows(Endpoint);
        _toldOverflow = true;
        GiveUp(delivery, "overflow");
    }

    private void Drop(Delivery delivery, string detail)
    {
        End(delivery, DeliveryState.Dropped);
        Remember(delivery, "dropped", 0, detail);
        _with.Telemetry.Ended("dropped");
    }

    private void End(Delivery delivery, DeliveryState state)
    {
        delivery.State = state;
        delivery.EndedMs = _with.NowMs;
        _open.Remove(delivery.Message);
        _with.Load.Ended();
        // A dead letter's body is needed until it is written; nobody asks for the others' again.
        if (state != DeliveryState.Dead) _with.Load.Release(delivery);
    }

    private void Remember(Delivery delivery, string outcome, double durationMs, string? detail) => _records.Remember(new DeliveryRecord(
        MessageId.Text(delivery.Message), delivery.Type, _with.NowMs, delivery.Attempts, delivery.Status, outcome, durationMs, detail));

    /// <summary>Fills the batch; see <see cref="LaneRecords.Collect(StoreBatch, List{Delivery}, List{Delivery}, long)"/>.</summary>
    public void Collect(StoreBatch batch, LaneWrite write, long olderThanMs)
    {
        lock (_gate)
        {
            if (_records.Any) _records.Collect(batch, write.Settled, write.Written, olderThanMs);
        }
    }

    /// <summary>The batch is durable: the log's position may pass its facts, and memory may let bodies go.</summary>
    public void WrittenDown(LaneWrite write)
    {
        lock (_gate)
        {
            _records.WrittenDown();
            foreach (var delivery in write.Written)
            {
                delivery.Written = true;
                // It ended while its row was being written: the row has to go again.
                if (delivery.Ended) _records.Change(delivery);
            }
            foreach (var delivery in write.Settled)
            {
                if (delivery.Ended || _with.Load.Heavy && delivery.State != DeliveryState.UnderWay) _with.Load.Release(delivery);
                if (delivery.Marker is null && !delivery.Unwritten) continue;
                _with.Load.Wrote(delivery);
                delivery.Marker?.Settle();
                delivery.Marker = null;
            }
        }
    }

    public bool HasChanges
    {
        get { lock (_gate) return _records.Any; }
    }

    /// <summary>The endpoint was deleted: nothing of it is kept.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _stopped = true;
            _schedule.Clear();
            foreach (var delivery in _open.Values.ToArray())
            {
                End(delivery, DeliveryState.Dropped);
                _with.Telemetry.Ended("dropped");
                _records.Change(delivery);
            }
        }
        _timer.Dispose();
    }
}

/// <summary>What one batch holds of one lane.</summary>
internal sealed class LaneWrite(Lane lane)
{
    public Lane Lane { get; } = lane;
    public List<Delivery> Settled { get; } = [];
    public List<Delivery> Written { get; } = [];
}
