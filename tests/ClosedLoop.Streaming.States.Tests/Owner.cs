using System.Text;

namespace ClosedLoop.Streaming.States.Tests;

/// <summary>A partition's owner as the tests need it: puts and removes numbered keys, commits, and remembers what must be there.</summary>
internal sealed class Owner : IDisposable
{
    private readonly EmbeddedJournal _journal;
    private readonly StateChunkWriter _writer = new();

    private Owner(EmbeddedJournal journal, int partition) => (_journal, Partition) = (journal, partition);

    public int Partition { get; }
    public Shelf Shelf { get; } = new();
    public JournalOpening Opening { get; private set; }
    public ShelfModel Model { get; private init; } = new();
    public long Absorbed { get; private set; }

    public static async Task<Owner> OpenAsync(EmbeddedJournal journal, int partition, ShelfModel? model = null)
    {
        var owner = new Owner(journal, partition) { Model = model ?? new ShelfModel() };
        owner.Opening = await journal.OpenAsync(partition, owner.Shelf, CancellationToken.None);
        owner.Absorbed = owner.Opening.Absorbed;
        return owner;
    }

    public void Put(int number, int length, int seed, uint due = 0)
    {
        var key = "demo\0v" + number;
        var state = ShelfModel.State(length, seed);
        Model.Put(key, state, due);
        Shelf.Put(ShelfModel.Bytes(key), state, due);
    }

    public void Remove(int number)
    {
        Model.Remove("demo\0v" + number);
        Shelf.Remove(ShelfModel.Bytes("demo\0v" + number));
    }

    /// <summary>Changes and commit as one batch under the gate, as a processor works.</summary>
    public Task CommitAsync(Action<Owner>? batch = null)
    {
        lock (Shelf.Gate)
        {
            batch?.Invoke(this);
            _writer.Clear();
            Shelf.WriteChanges(_writer);
            return _journal.CommitAsync(new JournalEntry(
                Partition, Opening.Epoch, ++Absorbed, _writer.Finish(), default, 0, [], Encoding.ASCII.GetBytes("counters " + Absorbed)));
        }
    }

    /// <summary>The shelf holds exactly the model.</summary>
    public void IsWhole(ShelfModel? expected = null) => Same(expected ?? Model, Shelf);

    public static void Same(ShelfModel model, Shelf shelf)
    {
        Assert.Equal(model.States.Count, shelf.Count);
        foreach (var (key, value) in model.States)
        {
            Assert.True(shelf.TryGetItem(ShelfModel.Bytes(key), out var item), key);
            Assert.True(item.State.SequenceEqual(value.State), key);
            Assert.Equal(value.Due, item.DueSeconds);
        }
    }

    public void Dispose() => Shelf.Dispose();
}
