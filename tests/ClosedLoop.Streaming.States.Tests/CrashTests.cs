namespace ClosedLoop.Streaming.States.Tests;

/// <summary>Killed after each unit of a life with commits, compaction, snapshots and a reset: what is found is always what was committed.</summary>
public sealed class CrashTests : IAsyncDisposable
{
    private const int Partition = 1;
    private readonly StatesFolder _folder = new();
    // What the states were when so many hits were absorbed.
    private readonly Dictionary<long, ShelfModel> _history = new() { [0] = new ShelfModel() };
    private readonly HashSet<long> _possible = [0];
    private int _checked;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private static void Small(StatesOptions options) => (options.GarbageBytesMin, options.StepBytesMax) = (2 << 10, 4 << 10);

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Whatever_is_killed_opens_as_it_was_committed(int seed)
    {
        var chance = new Random(seed);
        _folder.Open(Small, file => new WatchedFile(file) { Durable = number => number % 7 == seed % 7 ? KilledAsync() : Task.CompletedTask });
        var owner = await Owner.OpenAsync(_folder.Journal, Partition);
        for (var life = 0; life < 2; life++)
        {
            await LiveAsync(owner, chance);
            await _folder.Journal.WriteAsync(Partition, CancellationToken.None);
            await LiveAsync(owner, chance);
            var based = (await _folder.Journal.FindAsync(Partition, CancellationToken.None))!.Absorbed;
            lock (_possible) _possible.Add(based);
            await _folder.Journal.ResetAsync(Partition, CancellationToken.None);
            owner.Dispose();
            owner = await Owner.OpenAsync(_folder.Journal, Partition, Copy(_history[based]));
            owner.IsWhole();
            lock (_possible) { _possible.Clear(); _possible.Add(owner.Absorbed); }
        }
        owner.Dispose();
        Assert.True(_checked > 15, $"only {_checked} kills were looked at");
    }

    private async Task LiveAsync(Owner owner, Random chance)
    {
        for (var commit = 0; commit < 40; commit++)
        {
            Task committed;
            // The batch is put together first, so that a kill in the middle of the commit finds its history.
            lock (owner.Shelf.Gate)
            {
                for (var i = 0; i < 6; i++)
                {
                    var number = chance.Next(40);
                    if (chance.Next(5) == 0) owner.Remove(number);
                    else owner.Put(number, 1 + chance.Next(200), chance.Next(), (uint)chance.Next(3));
                }
                lock (_possible)
                {
                    _history[owner.Absorbed + 1] = Copy(owner.Model);
                    _possible.Add(owner.Absorbed + 1);
                }
                committed = owner.CommitAsync();
            }
            await committed;
            lock (_possible) { _possible.RemoveWhere(a => a != owner.Absorbed); }
        }
    }

    private async Task KilledAsync()
    {
        // Between the copy and this line a commit may be acknowledged, so what was possible before counts too.
        HashSet<long> possible;
        lock (_possible) possible = [.. _possible];
        await using var killed = await _folder.KilledAsync();
        lock (_possible) possible.UnionWith(_possible);
        using var found = await Owner.OpenAsync(killed.Open(Small).Journal, Partition);
        Assert.Contains(found.Opening.Absorbed, possible);
        found.IsWhole(_history[found.Opening.Absorbed]);
        if (await killed.Journal.FindAsync(Partition, CancellationToken.None) is { } based)
        {
            await killed.Journal.ResetAsync(Partition, CancellationToken.None);
            using var reset = await Owner.OpenAsync(killed.Journal, Partition);
            Assert.Equal(based.Absorbed, reset.Opening.Absorbed);
        }
        Interlocked.Increment(ref _checked);
    }

    private static ShelfModel Copy(ShelfModel model)
    {
        var copy = new ShelfModel();
        foreach (var (key, value) in model.States) copy.Put(key, value.State, value.Due);
        return copy;
    }
}
