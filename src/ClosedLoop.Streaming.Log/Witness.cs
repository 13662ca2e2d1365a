using System.Buffers.Binary;
using ClosedLoop.Streaming.Events;
using Microsoft.Win32.SafeHandles;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// A few bytes beside the database that say how far each lane was acknowledged. A flipped bit in a live write-ahead file lets SQLite
/// forget the commits behind it without a word; the witness remembers them. Written after each commit, never synced: it may be
/// behind the truth, never ahead of what was durable at level disk. Two slots in turn, so that a torn write spoils only one.
/// </summary>
internal sealed class Witness : IDisposable
{
    private const int HeadBytes = 24;
    private const ulong Magic = 0x31_53_53_45_4E_54_49_57; // "WITNESS1"

    private readonly SafeFileHandle _file;
    private readonly byte[] _slot;
    private readonly long _fileId;
    private long _turn;

    public Witness(string path, long fileId, int lanes)
    {
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        _slot = new byte[HeadBytes + 8 * lanes + 8];
        _fileId = fileId;
    }

    /// <summary>The acknowledged end of each lane, or null when there is no witness of this file.</summary>
    public long[]? Read()
    {
        long[]? ends = null;
        for (var slot = 0; slot < 2; slot++)
        {
            if (RandomAccess.Read(_file, _slot, slot * (long)_slot.Length) != _slot.Length) continue;
            var sum = BinaryPrimitives.ReadUInt64LittleEndian(_slot.AsSpan(_slot.Length - 8));
            if (XxHash.Hash64(_slot.AsSpan(0, _slot.Length - 8)) != sum) continue;
            if (Word(0) != (long)Magic || Word(1) != _fileId || Word(2) < _turn) continue;
            _turn = Word(2);
            ends = [.. Enumerable.Range(3, (_slot.Length - HeadBytes - 8) / 8).Select(Word)];
        }
        return ends;
    }

    public void Write(ReadOnlySpan<long> ends)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_slot, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(_slot.AsSpan(8), _fileId);
        BinaryPrimitives.WriteInt64LittleEndian(_slot.AsSpan(16), ++_turn);
        for (var i = 0; i < ends.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(_slot.AsSpan(HeadBytes + 8 * i), ends[i]);
        var body = _slot.AsSpan(0, _slot.Length - 8);
        BinaryPrimitives.WriteUInt64LittleEndian(_slot.AsSpan(_slot.Length - 8), XxHash.Hash64(body));
        RandomAccess.Write(_file, _slot, (_turn & 1) * _slot.Length);
    }

    public void Dispose() => _file.Dispose();

    private long Word(int index) => BinaryPrimitives.ReadInt64LittleEndian(_slot.AsSpan(8 * index));
}
