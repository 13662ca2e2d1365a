using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// Unmanaged memory for entries: regions of 2 MiB, each cut into entries of one size class, with a list of free entries in the region
/// itself. A region without entries goes back to the system. An address is a number of 16-byte units in 31 bits: at most 32 GiB.
/// </summary>
internal sealed unsafe partial class Arena : IDisposable
{
    public const int RegionBytes = 2 << 20;
    private const int UnitBits = 17;
    private const uint RegionUnits = 1u << UnitBits;
    private const int RegionsMax = 1 << (31 - UnitBits);
    // A class that has filled this many regions will fill the next one too: then huge pages save a page walk per visit.
    private const int HugePagesFrom = 4;

    private readonly byte** _bases = (byte**)NativeMemory.AllocZeroed(RegionsMax, (nuint)sizeof(byte*));
    private readonly int[] _open = new int[SizeClasses.Count];
    private readonly int[] _regionsOfClass = new int[SizeClasses.Count];
    private readonly Stack<int> _unused = new();
    private Region[] _regions = new Region[16];
    private int _regionCount = 1; // Region 0 stays empty, so that no entry has address 0.

    private struct Region
    {
        public int Class;
        public uint Units;
        public uint Free;
        public uint Bump;
        public int Live;
        public int Previous;
        public int Next;

        public readonly bool Full => Free == 0 && Bump + Units > RegionUnits;
    }

    /// <summary>Bytes of regions that were ever written to; the rest of a region costs no memory yet.</summary>
    public long Touched { get; private set; }

    /// <summary>Limit of what regions may take together.</summary>
    public required long BytesMax { get; set; }

    private long Bytes { get; set; }

    public byte* At(uint address) => _bases[address >> UnitBits] + ((nuint)(address & (RegionUnits - 1)) * SizeClasses.UnitBytes);

    /// <summary>Bytes that the entry at this address may use.</summary>
    public int Capacity(uint address) => (int)_regions[address >> UnitBits].Units * SizeClasses.UnitBytes;

    public uint Take(int bytes)
    {
        var sizeClass = SizeClasses.Of(bytes);
        var number = _open[sizeClass];
        if (number == 0) number = AddRegion(sizeClass);
        ref var region = ref _regions[number];
        uint address;
        if (region.Free != 0)
        {
            address = region.Free;
            region.Free = *(uint*)At(address);
        }
        else
        {
            address = ((uint)number << UnitBits) | region.Bump;
            region.Bump += region.Units;
            Touched += region.Units * SizeClasses.UnitBytes;
        }
        region.Live++;
        if (region.Full) Unlink(number);
        return address;
    }

    public void GiveBack(uint address)
    {
        var number = (int)(address >> UnitBits);
        ref var region = ref _regions[number];
        var wasFull = region.Full;
        *(uint*)At(address) = region.Free;
        region.Free = address;
        region.Live--;
        if (wasFull) Link(number);
        // The last open region of a class stays, so that one visitor who comes and goes doesn't ask the system each time.
        if (region.Live == 0 && (region.Next != 0 || region.Previous != 0)) DropRegion(number);
    }

    private int AddRegion(int sizeClass)
    {
        if (Bytes + RegionBytes > BytesMax || (_unused.Count == 0 && _regionCount == RegionsMax)) throw new ShelfFullException(BytesMax);
        if (!_unused.TryPop(out var number)) number = _regionCount++;
        if (number == _regions.Length) Array.Resize(ref _regions, number * 2);
        _bases[number] = (byte*)NativeMemory.AlignedAlloc(RegionBytes, RegionBytes);
        if (++_regionsOfClass[sizeClass] > HugePagesFrom && OperatingSystem.IsLinux()) HugePages(_bases[number]);
        _regions[number] = new Region { Class = sizeClass, Units = (uint)SizeClasses.Units(sizeClass) };
        Bytes += RegionBytes;
        Link(number);
        return number;
    }

    private void DropRegion(int number)
    {
        Unlink(number);
        _regionsOfClass[_regions[number].Class]--;
        NativeMemory.AlignedFree(_bases[number]);
        _bases[number] = null;
        Bytes -= RegionBytes;
        Touched -= _regions[number].Bump * SizeClasses.UnitBytes;
        _unused.Push(number);
    }

    private void Link(int number)
    {
        ref var region = ref _regions[number];
        ref var head = ref _open[region.Class];
        region.Previous = 0;
        region.Next = head;
        if (head != 0) _regions[head].Previous = number;
        head = number;
    }

    private void Unlink(int number)
    {
        ref var region = ref _regions[number];
        if (region.Previous != 0) _regions[region.Previous].Next = region.Next;
        else _open[region.Class] = region.Next;
        if (region.Next != 0) _regions[region.Next].Previous = region.Previous;
        region.Previous = region.Next = 0;
    }

    public void Dispose()
    {
        for (var i = 1; i < _regionCount; i++) NativeMemory.AlignedFree(_bases[i]);
        NativeMemory.Free(_bases);
    }

    private const int MadviseHugePage = 14;

    private static void HugePages(byte* start) => _ = Madvise(start, RegionBytes, MadviseHugePage);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(void* start, nuint length, int advice);
}

/// <summary>The shelf has reached its limit of memory; the owner stops rather than forget a visitor.</summary>
public sealed class ShelfFullException(long bytesMax)
    : Exception($"The states of one partition need more than {bytesMax} bytes of memory. Give the process more memory and raise States:ShelfBytesMax, or use more partitions.");
