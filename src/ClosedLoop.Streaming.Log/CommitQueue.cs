namespace ClosedLoop.Streaming.Log;

/// <summary>
/// Where doors and units wait for the committer. One lock; an append is a copy of its bytes under it. Full groups queue up behind
/// each other, the youngest is open; background work waits apart and rides along, or goes alone when nobody else wants to.
/// </summary>
internal sealed class CommitQueue
{
    private const int SpareGroupsMax = 4;
    // Fewer are not worth waiting for, and longer than this nobody waits for others.
    private const int GatherHitsMin = 4;
    private const int GatherMs = 1;

    private readonly EmbeddedLogOptions _options;
    private readonly object _gate = new();
    private readonly Arena[] _arenas;
    private readonly Queue<Group> _sealed = new();
    private readonly Stack<Group> _spare = new();
    private readonly Backlog _backlog;
    private Group _open = new();
    private LogUnavailableException? _closed;
    private LogUnavailableException? _doorsClosed;
    private long _doorBytes;
    private long _unitBytes;
    private int _expected;
    private bool _parked;
    private bool _interrupted;

    public CommitQueue(EmbeddedLogOptions options)
    {
        _options = options;
        _backlog = new Backlog(options);
        _arenas = [.. Enumerable.Range(0, LaneMap.Count(options.Partitions)).Select(lane => new Arena(lane))];
    }

    public long WaitingBytes => Interlocked.Read(ref _doorBytes) + Interlocked.Read(ref _unitBytes);

    /// <summary>Copies the record into the open group and gives the group's task, or says why not.</summary>
    public Task? Append(int lane, ReadOnlySpan<byte> record, out LogUnavailableException? refusal)
    {
        var bytes = Frames.PrefixBytes + record.Length;
        lock (_gate)
        {
            refusal = _closed ?? _doorsClosed ?? (_doorBytes + bytes > _options.QueueBytesMax ? Refusals.QueueFull : null);
            if (refusal is not null) return null;
            _doorBytes += bytes;
            _arenas[lane].Add(record, _open.Segments);
            var task = _open.Join(bytes);
            Admitted(urgent: false);
            return task;
        }
    }

    public Task? Submit(Work work, out LogUnavailableException? refusal)
    {
        lock (_gate)
        {
            refusal = _closed ?? (_unitBytes + work.Bytes > _options.UnitQueueBytesMax ? Refusals.QueueFull : null);
            if (refusal is not null) return null;
            _unitBytes += work.Bytes;
            if (work.Unit.Background)
            {
                _backlog.Add(work);
            }
            else
            {
                foreach (var block in work.Blocks) _arenas[block.Lane].Seal(_open.Segments);
                _open.Join(work);
            }
            Admitted(urgent: true);
            return work.Done.Task;
        }
    }

    /// <summary>Waits for something to commit. Null after <see cref="Interrupt"/>, or when the queue is closed and <paramref name="drained"/>.</summary>
    public Group? Take(out bool drained)
    {
        lock (_gate)
        {
            var gathering = true;
            while (true)
            {
                var foreground = _sealed.Count > 0 || !_open.IsEmpty;
                var background = _backlog.WaitMs(_closed is not null);
                drained = !foreground && background < 0 && _closed is not null;
                if (drained || _interrupted) break;
                if (foreground && !(gathering && IsGrowing)) return Next(riding: true);
                if (!foreground && background == 0) return Next(riding: false);
                Park(foreground ? GatherMs : background);
                gathering = !foreground;
            }
            _interrupted = false;
            return null;
        }
    }

    /// <summary>Gives back the room that a group took, before its waiters are told and come back.</summary>
    public void Settle(Group group)
    {
        lock (_gate)
        {
            _doorBytes -= group.DoorBytes;
            _unitBytes -= group.UnitBytes;
            // Those who were just answered and those who came meanwhile are the ones who may be back at any moment. At level disk the
            // sync gathers enough by itself; at pagecache a transaction for every few hits would cost more than the hits.
            var around = group.Hits + _open.Hits;
            _expected = _options.Durability == Durability.PageCache && around >= GatherHitsMin ? around : 0;
        }
    }

    /// <summary>The group's object can be used again.</summary>
    public void Recycle(Group group)
    {
        group.Clear();
        lock (_gate)
        {
            if (_spare.Count < SpareGroupsMax) _spare.Push(group);
        }
    }

    /// <summary>From now on everybody gets this answer. What waits is still committed.</summary>
    public void Close(LogUnavailableException reason)
    {
        lock (_gate)
        {
            _closed ??= reason;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>As <see cref="Close"/>, and what waits is handed back, for everybody to be told.</summary>
    public List<Group> Abandon(LogUnavailableException reason)
    {
        lock (_gate)
        {
            _closed = reason;
            SealOpen();
            while (_backlog.TryTake(out var work)) _sealed.Last().Join(work!);
            var lost = _sealed.ToList();
            _sealed.Clear();
            _doorBytes = _unitBytes = 0;
            Monitor.PulseAll(_gate);
            return lost;
        }
    }

    /// <summary>Closes the doors, or opens them again with null. Units go on, so that what is inside can be finished.</summary>
    public void CloseDoors(LogUnavailableException? reason)
    {
        lock (_gate) _doorsClosed = reason;
    }

    /// <summary>Why a door would be refused now; null when it would not.</summary>
    public LogUnavailableException? Refusal
    {
        get { lock (_gate) return _closed ?? _doorsClosed; }
    }

    /// <summary>Lets the committer look up from waiting.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            _interrupted = true;
            Monitor.PulseAll(_gate);
        }
    }

    // Only appends of doors are worth waiting for, and only while no full group and no unit waits.
    private bool IsGrowing => _sealed.Count == 0 && _open.Works.Count == 0 && _open.Hits < _expected && _closed is null;

    private void Admitted(bool urgent)
    {
        if (_open.Bytes >= _options.CommitBytesMax) SealOpen();
        // The committer sleeps through the arrival of a group that it expects to grow: a switch of threads for each member costs more.
        if (!_parked || (!urgent && IsGrowing && _open.Hits > 1)) return;
        _parked = false;
        Monitor.Pulse(_gate);
    }

    private Group Next(bool riding)
    {
        if (_sealed.Count == 0) SealOpen();
        var group = _sealed.Dequeue();
        _backlog.MoveInto(group, riding);
        return group;
    }

    private void SealOpen()
    {
        foreach (var arena in _arenas) arena.Seal(_open.Segments);
        _sealed.Enqueue(_open);
        _open = _spare.TryPop(out var spare) ? spare : new Group();
    }

    private void Park(int ms)
    {
        _parked = true;
        Monitor.Wait(_gate, ms);
        _parked = false;
    }
}
