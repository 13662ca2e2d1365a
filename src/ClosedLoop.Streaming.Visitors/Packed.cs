using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.Visitors;

// These lie in a state's bytes as they lie in memory, so that reading a state copies them in one piece. A moment takes 48 bits (unix ms, to the
// year 10889); an index of a page or source takes a byte, with 0 for none. Little-endian, as every processor that .NET runs on by default.

/// <summary>One recent hit: when, which, what, where, from where. <see cref="Page"/> and <see cref="Source"/> are indexes, −1 none.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly struct Memo(long at, ulong key, ushort name, short page, short source, MemoFlags flags)
{
    private readonly ulong _moment = Pack48.Of(at, (byte)flags, (byte)name);
    private readonly byte _page = (byte)(page + 1), _source = (byte)(source + 1);

    public readonly ulong Key = key;
    public long At => Pack48.Moment(_moment);
    public ushort Name => Pack48.High(_moment);
    public short Page => (short)(_page - 1);
    public short Source => (short)(_source - 1);
    public MemoFlags Flags => (MemoFlags)Pack48.Low(_moment);

    public int CompareOrder(long at, ulong key) => At != at ? At.CompareTo(at) : Key.CompareTo(key);
}

/// <summary>What is left of a session that the list had no room for: the touch, which later corrections of the ledger still need.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly struct OldTouch(long at, ulong key, short source)
{
    private readonly ulong _moment = Pack48.Of(at, (byte)(source + 1), 0);

    public readonly ulong Key = key;
    public long At => Pack48.Moment(_moment);
    public short Source => (short)(Pack48.Low(_moment) - 1);
}

/// <summary>A session. <see cref="Key"/> is that of its first hit, and names it.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Session(
    long start, long end, ulong key, int pageViews, int hits, short source, short entry, short exit, bool keyEvent) : IEquatable<Session>
{
    private ulong _start = Pack48.Of(start, (byte)(source + 1), keyEvent ? (byte)1 : (byte)0);
    private ulong _end = Pack48.Of(end, (byte)(entry + 1), (byte)(exit + 1));

    public ulong Key = key;
    public int PageViews = pageViews, Hits = hits;

    public long Start { readonly get => Pack48.Moment(_start); set => _start = Pack48.Of(value, Pack48.Low(_start), Pack48.High(_start)); }
    public long End { readonly get => Pack48.Moment(_end); set => _end = Pack48.Of(value, Pack48.Low(_end), Pack48.High(_end)); }
    public readonly short Source => (short)(Pack48.Low(_start) - 1);
    public short Entry { readonly get => (short)(Pack48.Low(_end) - 1); set => _end = Pack48.Of(End, (byte)(value + 1), Pack48.High(_end)); }
    public short Exit { readonly get => (short)(Pack48.High(_end) - 1); set => _end = Pack48.Of(End, Pack48.Low(_end), (byte)(value + 1)); }
    public bool KeyEvent { readonly get => Pack48.High(_start) != 0; set => _start = Pack48.Of(Start, Pack48.Low(_start), value ? (byte)1 : (byte)0); }
    public readonly bool Engaged => PageViews >= 2 || KeyEvent || End - Start > Limits.EngagedMs;

    public readonly bool Equals(Session other) =>
        _start == other._start && _end == other._end && Key == other.Key && PageViews == other.PageViews && Hits == other.Hits;

    public override readonly bool Equals(object? obj) => obj is Session other && Equals(other);
    public override readonly int GetHashCode() => HashCode.Combine(_start, _end, Key);
    public static bool operator ==(in Session left, in Session right) => left.Equals(right);
    public static bool operator !=(in Session left, in Session right) => !left.Equals(right);
}

/// <summary>A moment of an event older than the recent ones.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly struct OldMoment(long at, ushort name)
{
    private readonly ulong _moment = Pack48.Of(at, 0, (byte)name);

    public long At => Pack48.Moment(_moment);
    public ushort Name => Pack48.High(_moment);
}

/// <summary>48 bits of unix ms and two bytes in one word.</summary>
internal static class Pack48
{
    private const ulong MomentMask = (1UL << 48) - 1;

    public static ulong Of(long moment, byte low, byte high) => ((ulong)moment & MomentMask) | (ulong)low << 48 | (ulong)high << 56;

    public static long Moment(ulong word) => (long)(word & MomentMask);

    public static byte Low(ulong word) => (byte)(word >> 48);

    public static byte High(ulong word) => (byte)(word >> 56);
}
