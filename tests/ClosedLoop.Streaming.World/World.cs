using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.World;

/// <summary>
/// The engine room without log, disk and clock: partitions as lists of records, worked on one after the other until nothing is left.
/// Deterministic: the same calls give the same facts and states.
/// </summary>
public sealed class World : IDisposable
{
    private readonly Partition[] _partitions;
    private readonly RecordReader _reader = new();

    public World(int partitions = 4, IReadOnlyList<SegmentSetting>? segments = null, Site? site = null, long publishedMs = 1)
    {
        _partitions = [.. Enumerable.Range(0, partitions).Select(_ => new Partition(partitions))];
        Publish(new PublishedRules { Version = 1, Site = (site ?? new Site { Id = "demo", Hosts = ["shop.example"] }) with { Version = 1 } }, publishedMs);
        Publish(new PublishedRules { Version = 2, Segments = segments ?? Defaults() }, publishedMs);
        Run();
    }

    public IReadOnlyList<Partition> Partitions => _partitions;

    public IEnumerable<byte[]> Facts => _partitions.SelectMany(p => p.Facts);

    public static IReadOnlyList<SegmentSetting> Defaults() =>
        [.. DefaultSegments.Definitions.Select(d => new SegmentSetting { Name = d.Name, Rule = d.Rule, Group = d.Group, Order = d.Order, Version = 1 })];

    public void Publish(PublishedRules rules, long publishedMs)
    {
        var record = PublishedRules.Record(rules, publishedMs);
        foreach (var partition in _partitions) partition.Hits.Add(record);
    }

    public void Tick(long nowMs)
    {
        var record = new RecordWriter().Begin(RecordKind.Tick, nowMs, Id.OfBytes(Encoding.ASCII.GetBytes($"tick {nowMs}")), default, default).Written.ToArray();
        foreach (var partition in _partitions) partition.Hits.Add(record);
    }

    /// <summary>Puts a record where its key belongs; records without a key go by their id.</summary>
    public void Append(byte[] record)
    {
        if (!_reader.TryRead(record)) throw new ArgumentException("not a record", nameof(record));
        var index = _reader.Key.IsEmpty ? (int)(_reader.Id.Low % (ulong)_partitions.Length) : Partitioning.Of(_reader.Site, _reader.Key, _partitions.Length);
        _partitions[index].Hits.Add(record);
    }

    /// <summary>Works until nothing is left in any partition.</summary>
    public World Run(bool sweep = true)
    {
        var worked = true;
        while (worked)
        {
            worked = false;
            foreach (var partition in _partitions)
                while (partition.Step(Route)) worked = true;
            if (!worked && sweep)
                foreach (var partition in _partitions)
                    while (partition.Core.MustSweep) worked |= partition.Sweep(Route);
        }
        return this;
    }

    /// <summary>Loses all memory and opens every partition again from its durable states.</summary>
    public void Restart()
    {
        foreach (var partition in _partitions) partition.Reopen();
    }

    public VisitorState? Visitor(string visitorId, string site = "demo")
    {
        var state = new VisitorState();
        return Read(site, ActorKey.OfVisitor(visitorId)) is { } blob ? Filled(state, s => s.Read(blob)) : null;
    }

    public LeadState? Lead(string identifier, string site = "demo")
    {
        var lead = HomeOf(identifier, site);
        for (var names = 0; names < 8; names++)
        {
            if (Read(site, ActorKey.OfLead(lead)) is not { } blob) return null;
            var state = Filled(new LeadState(), s => s.Read(blob));
            if (state.IsRoot) return state;
            lead = state.Root.Lead;
        }
        throw new InvalidOperationException($"{identifier} leads nowhere");
    }

    public static Id HomeOf(string identifier, string site = "demo") => IdentifierHome.LeadOf(Encoding.UTF8.GetBytes(site), Encoding.UTF8.GetBytes(identifier));

    public byte[]? Read(string site, byte[] key)
    {
        var siteBytes = Encoding.UTF8.GetBytes(site);
        var shelfKey = new byte[siteBytes.Length + 1 + key.Length];
        ActorKey.OnShelf(siteBytes, key, shelfKey);
        return _partitions[Partitioning.Of(siteBytes, key, _partitions.Length)].Shelf.TryGet(shelfKey, out ReadOnlySpan<byte> state) ? state.ToArray() : null;
    }

    public static IReadOnlyList<string> SegmentsOf(Standing standing) => [.. MembershipReader.List(standing.Membership).Select(m => m.Name)];

    public void Dispose()
    {
        foreach (var partition in _partitions) partition.Dispose();
    }

    private void Route(int target, byte[] record) => _partitions[target].Hits.Add(record);

    private static T Filled<T>(T state, Action<T> fill)
    {
        fill(state);
        return state;
    }
}
