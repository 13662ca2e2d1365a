using System.Buffers.Binary;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// Walks some records ahead of the one that is worked on, hashes their keys and asks for the memory of their states: among millions of people
/// a state is never in the processor's cache, and waiting for it would take as long as the work. Decides nothing.
/// </summary>
public sealed class Lookahead(Shelf shelf)
{
    // The index takes one miss, the entry another one that needs the first: each gets a dozen records' time.
    private const int Far = 24, Near = 12, Ring = 32, HeadBytes = 26;

    private readonly ulong[] _hashes = new ulong[Ring];
    private ReadOnlyMemory<byte> _rest;
    private int _seen, _given;

    /// <summary>Begins a run of framed records, as in a slice of the log.</summary>
    public void Begin(ReadOnlyMemory<byte> framed)
    {
        (_rest, _seen, _given) = (framed, 0, 0);
        while (_seen < Far && See()) { }
        for (var i = 0; i < Near && i < _seen; i++) shelf.PrefetchEntry(_hashes[i]);
    }

    /// <summary>For each record of the run in turn: the hash of its site and key; 0 where it has none.</summary>
    public ulong Next()
    {
        See();
        var near = _given + Near;
        if (near < _seen) shelf.PrefetchEntry(_hashes[near % Ring]);
        return _given < _seen ? _hashes[_given++ % Ring] : 0;
    }

    private bool See()
    {
        var rest = _rest.Span;
        if (rest.Length < 4) return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        var hash = HashOf(rest.Slice(4, length));
        _hashes[_seen++ % Ring] = hash;
        if (hash != 0) shelf.Prefetch(hash);
        _rest = _rest[(4 + length)..];
        return true;
    }

    // Site and key stand behind the head, each with its length. What is longer than they may be is nobody's.
    private static ulong HashOf(ReadOnlySpan<byte> record)
    {
        if (record.Length < HeadBytes + 2) return 0;
        int site = record[HeadBytes], keyAt = HeadBytes + 2 + site;
        if (site >= 0x80 || keyAt > record.Length) return 0;
        int key = record[keyAt - 1];
        return key == 0 || key >= 0x80 || keyAt + key > record.Length ? 0 : Partitioning.Hash(record.Slice(HeadBytes + 1, site), record.Slice(keyAt, key));
    }
}
