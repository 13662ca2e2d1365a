using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Simulation.Tests;

/// <summary>
/// Partitions with owners that are killed between any two steps and live on as zombies. Everything that happens comes from one seed, so a run
/// can be repeated by its number.
/// </summary>
internal sealed class Engine : IDisposable
{
    private readonly Random _random;
    private readonly List<byte[]>[] _hits;
    private readonly Owner[] _owners;
    private readonly List<IEnumerator<int>> _zombies = [];
    private readonly double _crashes;

    public Engine(int seed, int partitions, double crashes)
    {
        _random = new Random(seed);
        _crashes = crashes;
        _hits = [.. Enumerable.Range(0, partitions).Select(_ => new List<byte[]>())];
        Journals = [.. _hits.Select(_ => new Journal(_hits))];
        _owners = [.. Enumerable.Range(0, partitions).Select(p => new Owner(partitions, _hits[p], Journals[p]))];
    }

    public IReadOnlyList<Journal> Journals { get; }
    public IReadOnlyList<List<byte[]>> Hits => _hits;
    public IReadOnlyList<Owner> Owners => _owners;
    public int Crashes { get; private set; }

    public void Append(byte[] record)
    {
        var reader = new RecordReader();
        if (!reader.TryRead(record)) throw new ArgumentException("not a record", nameof(record));
        _hits[reader.Key.IsEmpty ? (int)(reader.Id.Low % (ulong)_hits.Length) : Partitioning.Of(reader.Site, reader.Key, _hits.Length)].Add(record);
    }

    public void Publish(PublishedRules rules, long publishedMs)
    {
        foreach (var log in _hits) log.Add(PublishedRules.Record(rules, publishedMs));
    }

    public void Publish(long version, long publishedMs, IReadOnlyList<SegmentSetting> segments, StageRuleSetting? stages = null) => Publish(new PublishedRules
    {
        Version = version, Segments = segments, Stages = stages is null ? null : new Dictionary<string, StageRuleSetting> { ["demo"] = stages },
    }, publishedMs);

    public void Tick(long nowMs)
    {
        foreach (var log in _hits) log.Add(TickAt(nowMs));
    }

    public static byte[] TickAt(long nowMs) =>
        new RecordWriter().Begin(RecordKind.Tick, nowMs, Id.OfBytes(Encoding.ASCII.GetBytes($"tick {nowMs}")), default, default).Written.ToArray();

    /// <summary>One step of one partition, maybe killed on the way.</summary>
    public void Step() => Step(_random.Next(_owners.Length));

    /// <summary>Until nothing is left to do, then once more for every zombie.</summary>
    public void Finish()
    {
        while (Array.FindIndex(_owners, o => o.HasWork) is var busy and >= 0) Step(busy);
        while (_zombies.Count > 0) Haunt();
    }

    private void Step(int partition)
    {
        if (_zombies.Count > 0 && _random.Next(4) == 0) Haunt();
        var owner = _owners[partition];
        if (!owner.HasWork) return;
        var step = owner.Work(_random.Next(1, 12), _random.Next(3) == 0);
        if (Dies(partition, owner, step, publishing: null)) return;
        var journal = Journals[partition];
        if (!journal.TrySave(step)) throw new InvalidOperationException("the owner was refused");
        var publishing = journal.Publish(step).GetEnumerator();
        do
        {
            if (Dies(partition, owner, step, publishing)) return;
        }
        while (publishing.MoveNext());
        if (Dies(partition, owner, step, publishing)) return;
        journal.Clear();
        if (Dies(partition, owner, step, publishing)) return;
        journal.Commit();
    }

    private bool Dies(int partition, Owner owner, Step step, IEnumerator<int>? publishing)
    {
        if (_random.NextDouble() >= _crashes) return false;
        Crashes++;
        owner.Dispose();
        _owners[partition] = new Owner(_owners.Length, _hits[partition], Journals[partition]);
        // Some of the dead don't know it: they go on publishing what they had saved, or try to save.
        if (publishing is not null && _random.Next(2) == 0) _zombies.Add(publishing);
        if (publishing is null && Journals[partition].TrySave(step)) throw new InvalidOperationException("a zombie has saved");
        return true;
    }

    private void Haunt()
    {
        var zombie = _random.Next(_zombies.Count);
        if (!_zombies[zombie].MoveNext()) _zombies.RemoveAt(zombie);
    }

    public void Dispose()
    {
        foreach (var owner in _owners) owner.Dispose();
    }
}
