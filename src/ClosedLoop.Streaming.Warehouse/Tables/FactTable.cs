using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Warehouse.Native;

namespace ClosedLoop.Streaming.Warehouse.Tables;

/// <summary>Where a fact stood in the log.</summary>
internal readonly record struct FactPlace(int Partition, long Offset);

/// <summary>
/// The columns of one table of Schema/*.sql, filled from facts. One instance gathers the rows of one month of one batch; it is reused.
/// </summary>
internal abstract class FactTable
{
    private readonly List<Column> _columns = [];
    private readonly NumberColumn _batch;

    protected FactTable(string name)
    {
        Name = name;
        _batch = Number("batch", 8);
    }

    public string Name { get; }

    /// <summary>True where the engine may merge an older version of a row away (ReplacingMergeTree).</summary>
    public virtual bool Replaced => false;

    public int Rows { get; private set; }
    public IReadOnlyList<Column> Columns => _columns;

    /// <summary>Bytes held by the rows so far.</summary>
    public long Bytes => _columns.Sum(column => (long)column.Written.Length);

    /// <summary>The time whose month is the row's partition, unix ms.</summary>
    public abstract long MonthMs(RecordReader fact);

    public void Append(RecordReader fact, FactPlace place)
    {
        Fill(fact, place);
        Rows++;
    }

    protected abstract void Fill(RecordReader fact, FactPlace place);

    /// <summary>For tables that take rows from something else than a readable fact.</summary>
    protected void Counted() => Rows++;

    /// <summary>The block, each row of which names the batch it came in, so that a restart can ask whether the batch arrived.</summary>
    public NativeBlock Block(ulong batch)
    {
        _batch.Clear();
        for (var row = 0; row < Rows; row++) _batch.AddBits(batch);
        foreach (var column in _columns) column.Reach(Rows);
        return new NativeBlock(Name, Rows, _columns);
    }

    public void Clear()
    {
        foreach (var column in _columns) column.Clear();
        Rows = 0;
    }

    protected TextColumn Text(string name) => Kept(new TextColumn(name));
    protected MomentColumn Moment(string name) => Kept(new MomentColumn(name));
    protected MoneyColumn Money(string name) => Kept(new MoneyColumn(name));
    protected BillionthsColumn Billionths(string name) => Kept(new BillionthsColumn(name));
    protected DateColumn Date(string name) => Kept(new DateColumn(name));
    protected NumberColumn Number(string name, int bytes, bool signed = false) => Kept(new NumberColumn(name, bytes, signed));

    private T Kept<T>(T column) where T : Column
    {
        _columns.Add(column);
        return column;
    }
}
