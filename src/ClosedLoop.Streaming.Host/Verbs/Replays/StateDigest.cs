using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Host.Verbs.Replays;

/// <summary>One text for all states of a partition: equal exactly when every key has the same bytes and is due at the same time, in whatever order they lie.</summary>
internal static class StateDigest
{
    public static string Of(Shelf shelf)
    {
        ulong high = 0, low = 0;
        for (var slot = 0; slot < shelf.SlotCount; slot++)
        {
            if (!shelf.TryReadSlot(slot, out ShelfItem item)) continue;
            var key = XxHash.Hash64(item.Key, item.DueSeconds);
            unchecked
            {
                high += XxHash.Hash64(item.State, key);
                low += XxHash.Hash64(item.State, ~key);
            }
        }
        return $"{shelf.Count}:{high:x16}{low:x16}";
    }
}
