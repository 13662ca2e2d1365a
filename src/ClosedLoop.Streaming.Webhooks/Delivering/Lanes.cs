using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>A lane per endpoint, kept in step with the settings.</summary>
internal sealed class Lanes(LaneContext with, AddressGuard guard, Keyring keyring) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _byEndpoint = new(StringComparer.Ordinal);
    private readonly List<Lane> _left = [];
    private List<(Id Person, Marker? Marker)> _erased = [];
    private Lane[] _all = [];
    private long _applied = -1;
    private long _sequence;

    /// <summary>A snapshot; the same array until an endpoint comes or goes.</summary>
    public Lane[] All => Volatile.Read(ref _all);

    public long NextSequence() => Interlocked.Increment(ref _sequence);

    public Lane? Find(string endpoint) => Array.Find(All, lane => lane.Endpoint == endpoint);

    /// <summary>What the file has. Endpoints that the settings don't name keep their rows until they are named, or deleted.</summary>
    public void Restore(IDeliveryStore store)
    {
        lock (_gate)
        {
            _sequence = store.LastSequence();
            foreach (var row in store.Pending()) Of(row.Endpoint).Restore(row);
            Volatile.Write(ref _all, [.. _byEndpoint.Values]);
        }
    }

    /// <summary>Endpoints of the new settings get lanes; those that the old ones had and the new ones don't were deleted.</summary>
    public void Apply(SettingsSnapshot settings)
    {
        var changed = new List<Lane>();
        lock (_gate)
        {
            // Two changes may be announced in the other order; an older one must not look like a deletion.
            if (settings.Version < _applied) return;
            _applied = settings.Version;
            foreach (var endpoint in settings.Webhooks.Values)
            {
                var lane = Of(endpoint.Id);
                if (lane.Target?.Endpoint is { } known && (ReferenceEquals(known, endpoint) || known.Version > endpoint.Version)) continue;
                lane.Retarget(new Target(endpoint, guard, keyring));
                changed.Add(lane);
            }
            foreach (var lane in _byEndpoint.Values.Where(lane => lane.Target is not null && !settings.Webhooks.ContainsKey(lane.Endpoint)).ToArray())
            {
                _byEndpoint.Remove(lane.Endpoint);
                lane.Forget();
                _left.Add(lane);
            }
            Volatile.Write(ref _all, [.. _byEndpoint.Values]);
        }
        foreach (var lane in changed) lane.Begin();
        with.Wake();
    }

    /// <summary>Lanes whose endpoint was deleted since the last call; their records still have to be settled.</summary>
    public Lane[] TakeLeft()
    {
        lock (_gate)
        {
            Lane[] left = [.. _left];
            _left.Clear();
            return left;
        }
    }

    /// <summary>Dead letters of these people have to go before the fact is settled.</summary>
    public void Erased(IEnumerable<Id> persons, Marker marker)
    {
        Marker? last = marker;
        lock (_gate)
        {
            foreach (var person in persons)
            {
                _erased.Add((person, last));
                last = null;
            }
        }
    }

    public List<(Id Person, Marker? Marker)> TakeErased()
    {
        lock (_gate)
        {
            var erased = _erased;
            _erased = [];
            return erased;
        }
    }

    public void Stop()
    {
        foreach (var lane in All) lane.Stop();
    }

    public void Dispose()
    {
        foreach (var lane in All) lane.Dispose();
    }

    private Lane Of(string endpoint)
    {
        if (!_byEndpoint.TryGetValue(endpoint, out var lane)) _byEndpoint[endpoint] = lane = new Lane(endpoint, with);
        return lane;
    }
}
