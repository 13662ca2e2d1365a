using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Warehouse.Sink;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>A warehouse in memory with a deduplication window, that fails where a test says so. It outlives the sinks of a story.</summary>
internal sealed class ScriptedWarehouse : IWarehouse
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _tokens = [];
    private readonly List<(string Table, int Rows, string Token, byte[] Bytes)> _sent = [];
    private readonly List<(string Table, int Rows, ulong Batch)> _stored = [];

    /// <summary>Asked before each insert with its number (from 0): what is to happen.</summary>
    public Func<int, Fault> Script { get; set; } = _ => Fault.None;

    /// <summary>Text that, anywhere in a block, makes it refused as bad data.</summary>
    public byte[]? Poison { get; set; }

    public enum Fault
    {
        None,
        /// <summary>Not reached: nothing stored.</summary>
        Away,
        /// <summary>Stored, but the answer got lost.</summary>
        AnswerLost,
        /// <summary>The token is noted, the rows are not: an engine killed in between.</summary>
        TokenOnly,
        /// <summary>As TokenOnly, but confirmed.</summary>
        Dropped,
    }

    public IReadOnlyList<(string Table, int Rows, string Token, byte[] Bytes)> Sent { get { lock (_lock) return [.. _sent]; } }

    public int Rows(string table) { lock (_lock) return _stored.Where(s => s.Table == table).Sum(s => s.Rows); }

    public Task StartAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task InsertAsync(NativeBlock block, string token, CancellationToken cancel)
    {
        lock (_lock)
        {
            var fault = Script(_sent.Count);
            var bytes = block.ToArray();
            _sent.Add((block.Table, block.Rows, token, bytes));
            if (Poison is not null && block.Table != "unreadable_facts" && bytes.AsSpan().IndexOf(Poison) >= 0) throw new WarehouseException(117, "Code: 117. DB::Exception: bad. (INCORRECT_DATA)");
            if (fault == Fault.Away) throw new WarehouseAwayException("away");
            if (_tokens.Add(block.Table + token) && fault is Fault.None or Fault.AnswerLost) _stored.Add((block.Table, block.Rows, BatchIn(block)));
            if (fault is Fault.AnswerLost or Fault.TokenOnly) throw new WarehouseAwayException("lost");
            return Task.CompletedTask;
        }
    }

    public Task<WarehouseAnswer> QueryAsync(WarehouseQuery query, CancellationToken cancel)
    {
        lock (_lock)
        {
            var batch = ulong.Parse(query.Parameters["batch"]);
            return Task.FromResult<WarehouseAnswer>(new Answer(_stored.Any(s => s.Batch == batch) ? "1\n" : "0\n"));
        }
    }

    public Task ExecuteAsync(string statement, CancellationToken cancel) => Task.CompletedTask;

    // The first column of every block is batch: its first value follows name and type.
    private static ulong BatchIn(NativeBlock block) => BitConverter.ToUInt64(block.Pieces.ElementAt(2).Span);

    private sealed class Answer(string text) : WarehouseAnswer
    {
        private byte[] _bytes = Encoding.UTF8.GetBytes(text);

        public override QuerySummary Summary => new(0, 0, 0, TimeSpan.Zero);

        public override ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel)
        {
            var bytes = _bytes;
            _bytes = [];
            return ValueTask.FromResult<ReadOnlyMemory<byte>>(bytes);
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>The book in memory; what it holds survives the sinks of a story.</summary>
internal sealed class MemoryBook : IRoundBook
{
    public RoundRecord? Last { get; set; }
    public int Writes { get; private set; }

    public Task<(long Epoch, RoundRecord? Last)> OpenAsync(CancellationToken cancel) => Task.FromResult((1L, Last));

    public Task WriteAsync(RoundRecord round)
    {
        Writes++;
        Last = round;
        return Task.CompletedTask;
    }
}
