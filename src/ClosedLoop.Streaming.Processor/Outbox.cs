using System.Buffers.Binary;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Processor;

/// <summary>What one step of a partition leaves behind, gathered until it is committed: facts, messages by partition, counters. Reusable.</summary>
public sealed class Outbox(int partitions)
{
    private readonly Framed _facts = new();
    private readonly Framed[] _messages = [.. Enumerable.Range(0, partitions).Select(_ => new Framed())];
    private readonly List<int> _routed = [];

    public int FactCount => _facts.Count;

    public int Bytes => _facts.Length;

    public void Fact(ReadOnlySpan<byte> record) => _facts.Add(record);

    /// <summary>To the actor of that key, wherever it lives.</summary>
    public void Message(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, ReadOnlySpan<byte> record)
    {
        var partition = Partitioning.Of(site, key, partitions);
        _messages[partition].Add(record);
        _routed.Add(partition);
    }

    /// <summary>What somebody else gathered, framed as <see cref="Facts"/> gives it.</summary>
    public void Take(ReadOnlyMemory<byte> facts, IReadOnlyList<JournalMessages> messages)
    {
        foreach (var fact in new LogSlice(0, 0, facts)) _facts.Add(fact.Span);
        foreach (var sent in messages)
            foreach (var message in new LogSlice(0, sent.Count, sent.Bytes)) _messages[sent.Partition].Add(message.Span);
    }

    /// <summary>What follows belongs to the next record of the log.</summary>
    public void Mark()
    {
        _facts.Mark();
        _routed.Clear();
    }

    /// <summary>Takes back everything since <see cref="Mark"/>: the record could not be worked on to the end.</summary>
    public void TakeBack()
    {
        _facts.TakeBack();
        for (var i = _routed.Count - 1; i >= 0; i--) _messages[_routed[i]].RemoveLast();
        _routed.Clear();
    }

    public void Clear()
    {
        _facts.Clear();
        _routed.Clear();
        foreach (var framed in _messages) framed.Clear();
    }

    /// <summary>Copies, because the outbox goes on while the journal writes.</summary>
    public byte[] Facts() => _facts.ToArray();

    public IReadOnlyList<JournalMessages> Messages()
    {
        List<JournalMessages>? messages = null;
        for (var partition = 0; partition < _messages.Length; partition++)
            if (_messages[partition].Count > 0)
                (messages ??= []).Add(new JournalMessages(partition, _messages[partition].Count, _messages[partition].ToArray()));
        return messages ?? (IReadOnlyList<JournalMessages>)[];
    }

    private sealed class Framed
    {
        private byte[] _bytes = new byte[4096];
        private int _markCount, _markLength;

        public int Count { get; private set; }
        public int Length { get; private set; }

        public void Add(ReadOnlySpan<byte> record)
        {
            if (Length + 4 + record.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + 4 + record.Length));
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(Length), record.Length);
            record.CopyTo(_bytes.AsSpan(Length + 4));
            Length += 4 + record.Length;
            Count++;
        }

        public void Clear() => Count = Length = _markCount = _markLength = 0;

        public void Mark() => (_markCount, _markLength) = (Count, Length);

        public void TakeBack() => (Count, Length) = (_markCount, _markLength);

        public void RemoveLast()
        {
            var (at, last) = (0, 0);
            while (at < Length)
            {
                last = at;
                at += 4 + BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at));
            }
            (Count, Length) = (Count - 1, last);
        }

        public byte[] ToArray() => _bytes.AsSpan(0, Length).ToArray();
    }
}
