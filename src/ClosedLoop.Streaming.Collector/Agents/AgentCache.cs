namespace ClosedLoop.Streaming.Collector.Agents;

/// <summary>
/// Remembers answers by the 64-bit hash of the agent, without locks: a slot is one long with 48 bits of the hash, the class and the device,
/// the other 16 bits are the slot's place. A new agent simply takes the slot of an old one, so memory is fixed at 512 KiB.
/// </summary>
internal sealed class AgentCache
{
    /// <summary>Agents that are remembered at once.</summary>
    public const int EntriesMax = 65_536;

    private const ulong TagMask = 0xFFFF_FFFF_FFFF_0000;

    private readonly ulong[] _slots = new ulong[EntriesMax];

    /// <param name="answer">1 to 65535; 0 stands for "not known".</param>
    public bool TryGet(ulong hash, out ushort answer)
    {
        var slot = Volatile.Read(ref _slots[hash & (EntriesMax - 1)]);
        answer = (ushort)slot;
        return answer != 0 && (slot & TagMask) == (hash & TagMask);
    }

    public void Set(ulong hash, ushort answer) => Volatile.Write(ref _slots[hash & (EntriesMax - 1)], (hash & TagMask) | answer);
}
