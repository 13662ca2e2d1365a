using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// From hash to address: 1,024 tables by the highest ten bits, so that growing one is a matter of microseconds. A place in a table holds
/// 32 further bits of the hash and the address; it is found by multiplying those bits with the capacity, so that a table may grow by a
/// quarter instead of doubling, and growing reads no entry. Linear probing, at most four fifths full, removal by shifting back.
/// The lowest bits of the hash are not used: they are the same for all keys of a partition.
/// </summary>
internal sealed unsafe class ShelfIndex : IDisposable
{
    private const int TableBits = 10;
    private const uint FirstCapacity = 8;

    private struct Table
    {
        public ulong* Places;
        public uint Capacity;
        public uint Count;
    }

    private readonly Table* _tables = (Table*)NativeMemory.AllocZeroed(1 << TableBits, (nuint)sizeof(Table));

    public long Bytes { get; private set; }

    private static uint Fragment(ulong hash) => (uint)(hash >> (64 - TableBits - 32));

    private static uint Home(uint fragment, uint capacity) => (uint)(((ulong)fragment * capacity) >> 32);

    /// <summary>Where probing for a hash stands. Valid until the next change.</summary>
    public ref struct Probe
    {
        internal ulong* Places;
        internal uint Capacity;
        internal uint Position;
        internal uint Fragment;
        /// <summary>Address of the candidate that was found.</summary>
        public uint Address;
    }

    public Probe Start(ulong hash)
    {
        ref var table = ref _tables[hash >> (64 - TableBits)];
        var fragment = Fragment(hash);
        return new Probe
        {
            Places = table.Places, Capacity = table.Capacity, Fragment = fragment,
            Position = table.Capacity == 0 ? 0 : Home(fragment, table.Capacity) - 1,
        };
    }

    /// <summary>The next entry whose 42 bits of hash are the same; the caller compares keys.</summary>
    public static bool Next(ref Probe probe)
    {
        if (probe.Capacity == 0) return false;
        while (true)
        {
            // One below the first place wraps to the largest uint, so this also covers the start at place 0.
            if (++probe.Position == probe.Capacity) probe.Position = 0;
            var place = probe.Places[probe.Position];
            if (place == 0) return false;
            if ((uint)(place >> 32) != probe.Fragment) continue;
            probe.Address = (uint)place;
            return true;
        }
    }

    public static void Replace(in Probe probe, uint address) =>
        probe.Places[probe.Position] = ((ulong)probe.Fragment << 32) | address;

    public void Add(ulong hash, uint address)
    {
        ref var table = ref _tables[hash >> (64 - TableBits)];
        if ((table.Count + 1) * 5UL > table.Capacity * 4UL) Grow(ref table);
        Insert(table.Places, table.Capacity, ((ulong)Fragment(hash) << 32) | address);
        table.Count++;
    }

    /// <summary>Takes the candidate out; followers that probing had pushed on move back, so that no tombstones remain.</summary>
    public void Remove(ulong hash, in Probe probe)
    {
        ref var table = ref _tables[hash >> (64 - TableBits)];
        var hole = probe.Position;
        var capacity = table.Capacity;
        for (var next = hole; ;)
        {
            next = next + 1 == capacity ? 0 : next + 1;
            var place = table.Places[next];
            if (place == 0) break;
            var home = Home((uint)(place >> 32), capacity);
            // The follower may move when its home is not behind the hole on the way to it.
            if (Distance(home, next, capacity) < Distance(hole, next, capacity)) continue;
            table.Places[hole] = place;
            hole = next;
        }
        table.Places[hole] = 0;
        table.Count--;
    }

    /// <summary>Address of the place where probing starts, for a prefetch; null when the table is empty.</summary>
    public ulong* HomeOf(ulong hash)
    {
        ref var table = ref _tables[hash >> (64 - TableBits)];
        return table.Capacity == 0 ? null : table.Places + Home(Fragment(hash), table.Capacity);
    }

    private static uint Distance(uint from, uint to, uint capacity) => to >= from ? to - from : to + capacity - from;

    private void Grow(ref Table table)
    {
        var capacity = Math.Max(FirstCapacity, table.Capacity + Math.Max(table.Capacity / 4, FirstCapacity));
        var places = (ulong*)NativeMemory.AllocZeroed(capacity, sizeof(ulong));
        for (uint i = 0; i < table.Capacity; i++)
            if (table.Places[i] != 0) Insert(places, capacity, table.Places[i]);
        NativeMemory.Free(table.Places);
        Bytes += (capacity - table.Capacity) * sizeof(ulong);
        table.Places = places;
        table.Capacity = capacity;
    }

    private static void Insert(ulong* places, uint capacity, ulong place)
    {
        var position = Home((uint)(place >> 32), capacity);
        while (places[position] != 0) position = position + 1 == capacity ? 0 : position + 1;
        places[position] = place;
    }

    public void Dispose()
    {
        for (var i = 0; i < 1 << TableBits; i++) NativeMemory.Free(_tables[i].Places);
        NativeMemory.Free(_tables);
    }
}
