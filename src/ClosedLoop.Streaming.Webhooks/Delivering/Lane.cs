using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>
/// One endpoint's deliveries. A fact becomes a request on the thread that read it: nothing polls and nothing is written before the
/// first attempt. All state is guarded by one gate, which is never held while something is sent.
/// </summary>
internal sealed partial class Lane : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LaneSchedule _schedule = new();
    private readonly Dictionary<Id, Delivery> _open = [];
    private readonly LaneRecords _records;
    private readonly LaneContext _with;
    private readonly ITimer _timer;
    private Target? _target;
    private Slowdown _slowdown;
    private int _underWay;
    private int _failedInRow;
    private bool _pumping;
    private long _wakesAtMs;
    private bool _stopped;
    private bool _toldExhausted, _toldOverflow;
    /// <summary>Version of the endpoint that answered 410; a newer one is a decision of its owner and counts.</summary>
    private long _goneVersion = -1;

    public Lane(string endpoint, LaneContext with)
    {
        (Endpoint, _with) = (endpoint, with);
        _records = new LaneRecords(endpoint, with.Options.HistoryMax);
        _timer = with.Time.CreateTimer(_ => Rung(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string Endpoint { get; }

    /// <summary>Null while the settings don't name the endpoint: what is in the file waits.</summary>
    public Target? Target => Volatile.Read(ref _target);

    private bool Disabled => _target is { } target && (target.Endpoint.Disabled || _goneVersion == target.Endpoint.Version);

    /// <summary>The endpoint as it is from now on; <see cref="Begin"/> follows.</summary>
    public void Retarget(Target target)
    {
        lock (_gate)
        {
            // Another address starts with a clean record.
            if (_target?.Url != target.Url) (_slowdown, _failedInRow) = (Slowdown.None, 0);
            Volatile.Write(ref _target, target);
            if (Disabled) GiveUpAll("disabled");
        }
        _with.Wake();
    }

    /// <summary>Takes a new delivery. A message that is under way already (a fact read twice) is not taken again.</summary>
    public void Add(Delivery delivery)
    {
        lock (_gate)
        {
            if (_stopped || !_open.TryAdd(delivery.Message, delivery)) return;
            delivery.Marker?.Expect();
            _with.Load.Began(delivery);
            if (Disabled) Drop(delivery, "The endpoint is disabled.");
            else if (_open.Count > _with.Options.PendingPerEndpointMax || _with.Load.Open > _with.Options.PendingMax) Overflow(delivery);
            else _schedule.Add(delivery);
            _records.Change(delivery);
        }
        _with.Wake();
        Pump();
    }

    /// <summary>Takes what the file has; <see cref="Begin"/> when all is taken.</summary>
    public void Restore(PendingRow row)
    {
        var delivery = new Delivery
        {
            Sequence = row.Sequence, Message = row.Message, Person = row.Person, Type = row.Type, CreatedMs = row.CreatedMs,
            Attempts = row.Attempts, DueMs = row.DueMs, Written = true,
        };
        lock (_gate)
        {
            if (_stopped || !_open.TryAdd(row.Message, delivery)) return;
            _with.Load.Began(delivery);
            _schedule.Add(delivery);
        }
    }

    public void Begin() => Pump();

    /// <summary>Those that wait for their time are due now; those that are not here are left out.</summary>
    public int Hasten(IReadOnlyCollection<Id>? ids)
    {
        var hastened = 0;
        lock (_gate)
        {
            foreach (var id in ids ?? [.. _open.Keys])
            {
                if (!_open.TryGetValue(id, out var delivery) || !_schedule.Hasten(delivery)) continue;
                _records.Change(delivery);
                hastened++;
            }
        }
        _with.Wake();
        Pump();
        return hastened;
    }

    public bool Holds(Id message)
    {
        lock (_gate) return _open.ContainsKey(message);
    }

    public void Remember(DeliveryRecord record)
    {
        lock (_gate) _records.Remember(record);
        _with.Wake();
    }

    public DeliveryRecord[] Recent()
    {
        lock (_gate) return _records.Recent();
    }

    public LaneState State()
    {
        lock (_gate) return new LaneState(_open.Count, _underWay, _slowdown.Holds(_with.NowMs) ? _slowdown.UntilMs : 0);
    }

    /// <summary>Begins no more attempts.</summary>
    public void Stop()
    {
        lock (_gate) _stopped = true;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}

/// <param name="SlowedUntilMs">0 when the endpoint isn't slowed down.</param>
internal readonly record struct LaneState(int Waiting, int UnderWay, long SlowedUntilMs);
