using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Segments;

/// <summary>
/// Walks through a stored membership without allocation. The bytes: one entry per segment, sorted by name. An entry is the number of a
/// well-known segment, or 0, name and group (each with its length as varint); then the unix ms since when, as varint.
/// No bytes at all: never judged. A lone <see cref="Marker"/>: judged, and in no segment.
/// </summary>
public ref struct MembershipReader(ReadOnlySpan<byte> membership)
{
    /// <summary>The byte that says: judged before, in no segment now.</summary>
    public const byte Marker = 0x7F;

    private ReadOnlySpan<byte> _rest = membership is [Marker] ? default : membership;

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>UTF-8; empty when the segment stood on its own.</summary>
    public ReadOnlySpan<byte> Group { get; private set; }

    /// <summary>Unix ms of the record with which the person entered.</summary>
    public long SinceMs { get; private set; }

    internal byte Token { get; private set; }

    /// <summary>False behind the last entry.</summary>
    /// <exception cref="InvalidDataException">The bytes are no membership.</exception>
    public bool MoveNext()
    {
        if (_rest.IsEmpty) return false;
        Token = _rest[0];
        _rest = _rest[1..];
        if (Token == 0)
        {
            Name = Prefixed();
            Group = Prefixed();
        }
        else
        {
            if (Token >= WellKnown.Count) throw new InvalidDataException($"a membership names the segment number {Token}, which this version does not know");
            Name = WellKnown.Name(Token);
            Group = WellKnown.Group(Token);
        }
        SinceMs = (long)Number();
        return true;
    }

    /// <summary>For people: (name, since) in order of name.</summary>
    public static IReadOnlyList<(string Name, long SinceMs)> List(ReadOnlySpan<byte> membership)
    {
        var list = new List<(string, long)>();
        var reader = new MembershipReader(membership);
        while (reader.MoveNext()) list.Add((Encoding.UTF8.GetString(reader.Name), reader.SinceMs));
        return list;
    }

    private ReadOnlySpan<byte> Prefixed()
    {
        var length = Number();
        if (length > (ulong)_rest.Length) throw new InvalidDataException("a membership is cut off inside a name");
        var slice = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return slice;
    }

    private ulong Number()
    {
        var read = Varint.Read(_rest, out var value);
        if (read == 0) throw new InvalidDataException("a membership is cut off inside a number");
        _rest = _rest[read..];
        return value;
    }
}
