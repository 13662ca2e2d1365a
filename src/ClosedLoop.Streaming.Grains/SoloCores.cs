using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;

namespace ClosedLoop.Streaming.Grains;

/// <summary>The cores of this silo, lent to one grain at a time. Rules are compiled once per core, so cores are kept by the rules that they know.</summary>
public sealed class SoloCores(ILog log)
{
    /// <summary>Different rules of which cores are kept; partitions take new rules at different moments, so there are a few.</summary>
    public const int RulesMax = 16;

    /// <summary>Idle cores kept of one set of rules.</summary>
    public const int IdleMax = 64;

    private readonly ConcurrentDictionary<ulong, Shelved> _byRules = new();
    private long _used;

    /// <summary>False when these rules are not known here and were not sent along.</summary>
    public bool TryTake(ulong rulesHash, byte[]? rules, [NotNullWhen(true)] out SoloCore? core)
    {
        core = null;
        if (!_byRules.TryGetValue(rulesHash, out var shelved))
        {
            if (rules is null) return false;
            shelved = _byRules.GetOrAdd(rulesHash, new Shelved(rules));
            DropOldest(rulesHash);
        }
        shelved.UsedAt = Interlocked.Increment(ref _used);
        if (shelved.Idle.TryTake(out core)) Interlocked.Decrement(ref shelved.IdleCount);
        else core = new SoloCore(log.Partitions, shelved.Rules);
        return true;
    }

    public void GiveBack(ulong rulesHash, SoloCore core)
    {
        if (_byRules.TryGetValue(rulesHash, out var shelved) && Interlocked.Increment(ref shelved.IdleCount) <= IdleMax)
        {
            shelved.Idle.Add(core);
            return;
        }
        if (shelved is not null) Interlocked.Decrement(ref shelved.IdleCount);
        core.Dispose();
    }

    private void DropOldest(ulong newest)
    {
        while (_byRules.Count > RulesMax)
        {
            var oldest = _byRules.Where(r => r.Key != newest).MinBy(r => r.Value.UsedAt).Key;
            if (!_byRules.TryRemove(oldest, out var gone)) continue;
            while (gone.Idle.TryTake(out var core)) core.Dispose();
        }
    }

    private sealed class Shelved(byte[] rules)
    {
        public readonly byte[] Rules = rules;
        public readonly ConcurrentBag<SoloCore> Idle = [];
        public int IdleCount;
        public long UsedAt;
    }
}
