using System.Globalization;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>A place in the shelves of all partitions. People keep theirs for as long as they are known.</summary>
internal readonly record struct Place(int Partition, int Slot)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}.{Slot}");

    public static Place Parse(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return default;
        var parts = cursor.Split('.');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var slot)
            ? new Place(partition, slot) : throw ApiException.Field("cursor", "must be the next_cursor of an earlier page.");
    }
}

/// <summary>
/// Walks past everybody who is judged: visitors and leads of all sites, as bytes in place. The owner's gate is held for a slice at a time,
/// a fraction of a millisecond, so that hits never wait for whoever counts.
/// </summary>
internal sealed class PeopleShelves(ProcessorService? processor = null)
{
    private const int SliceSlotsMax = 1024;

    /// <summary>Looks at one person; what it keeps it must copy. False ends the walk behind this person.</summary>
    public delegate bool Look(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, ReadOnlySpan<byte> state);

    /// <summary>Walks on from a place past at most <paramref name="slotsMax"/> slots; the place to go on from, or null at the end.</summary>
    public Place? Walk(Place from, int slotsMax, Look look)
    {
        var (partition, slot) = from;
        if (processor is null) return null;
        for (; partition < processor.Owners.Count; partition++, slot = 0)
        {
            var shelf = processor.Owners[partition].Shelf;
            while (true)
            {
                var before = slot;
                if (!Slice(shelf, ref slot, Math.Min(SliceSlotsMax, slotsMax), look)) return new Place(partition, slot);
                if (slot == before) break;
                slotsMax -= slot - before;
                if (slotsMax <= 0) return new Place(partition, slot);
            }
        }
        return null;
    }

    private static bool Slice(Shelf shelf, ref int slot, int slots, Look look)
    {
        lock (shelf.Gate)
        {
            var end = (int)Math.Min(shelf.SlotCount, (long)slot + slots);
            while (slot < end)
            {
                if (!shelf.TryReadSlot(slot++, out ReadOnlySpan<byte> shelfKey, out ReadOnlySpan<byte> state) || state.IsEmpty) continue;
                ActorKey.Split(shelfKey, out var site, out var key);
                if (key.IsEmpty || key[0] is not (ActorKey.Visitor or ActorKey.Lead)) continue;
                if (!look(site, key, state)) return false;
            }
            return true;
        }
    }
}
