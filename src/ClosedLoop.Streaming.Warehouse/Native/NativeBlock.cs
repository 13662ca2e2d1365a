using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Warehouse.Native;

namespace ClosedLoop.Streaming.Warehouse;

/// <summary>
/// Rows of one table and one month in ClickHouse's Native format: number of columns, number of rows, then per column name, type and values.
/// The bytes belong to the columns and live until those are cleared.
/// </summary>
public sealed class NativeBlock
{
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _pieces;

    internal NativeBlock(string table, int rows, IReadOnlyList<Column> columns)
    {
        Table = table;
        Rows = rows;
        Columns = [.. columns.Select(column => column.Name)];
        var head = new byte[2 * Varint.BytesMax];
        var length = Varint.Write(head, (ulong)columns.Count);
        length += Varint.Write(head.AsSpan(length), (ulong)rows);
        var pieces = new List<ReadOnlyMemory<byte>>(1 + 2 * columns.Count) { head.AsMemory(0, length) };
        foreach (var column in columns)
        {
            pieces.Add(column.Header);
            pieces.Add(column.Written);
        }
        _pieces = pieces;
        Bytes = pieces.Sum(piece => (long)piece.Length);
    }

    /// <summary>A block that was made elsewhere, whole (a prebuilt Native file, for measurements).</summary>
    public NativeBlock(string table, IReadOnlyList<string> columns, int rows, ReadOnlyMemory<byte> bytes)
    {
        Table = table;
        Rows = rows;
        Columns = columns;
        _pieces = [bytes];
        Bytes = bytes.Length;
    }

    /// <summary>Table of database <c>closedloop</c>.</summary>
    public string Table { get; }

    public int Rows { get; }

    /// <summary>Column names in the block's order.</summary>
    public IReadOnlyList<string> Columns { get; }

    public long Bytes { get; }

    /// <summary>The block's bytes, in order, without a copy.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces => _pieces;

    /// <summary>The whole block as one array.</summary>
    public byte[] ToArray()
    {
        var all = new byte[Bytes];
        var at = 0;
        foreach (var piece in _pieces)
        {
            piece.Span.CopyTo(all.AsSpan(at));
            at += piece.Length;
        }
        return all;
    }
}
