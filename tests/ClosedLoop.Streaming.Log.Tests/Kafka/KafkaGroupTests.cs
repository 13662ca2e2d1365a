using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Log.Tests;

/// <summary>Partitions go to processes and come back, and never have two owners that both may work.</summary>
public sealed class KafkaGroupTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(240);

    /// <summary>Who owns what, as the workers are told; a second owner of a partition is noticed at once.</summary>
    private sealed class Book
    {
        private readonly Dictionary<int, string> _owners = [];
        public List<string> Violations { get; } = [];

        public void Take(string name, IReadOnlyList<int> partitions)
        {
            lock (_owners)
                foreach (var partition in partitions)
                    if (!_owners.TryAdd(partition, name)) Violations.Add($"{name} was given {partition}, which {_owners[partition]} has");
        }

        public void Give(string name, IReadOnlyList<int> partitions)
        {
            lock (_owners)
                foreach (var partition in partitions)
                    if (!_owners.Remove(partition, out var owner) || owner != name) Violations.Add($"{name} lost {partition}, which {owner} has");
        }

        public int Of(string name)
        {
            lock (_owners) return _owners.Values.Count(o => o == name);
        }
    }

    private sealed class Worker(string name, Book book) : IPartitionWorker
    {
        public Task AssignedAsync(IReadOnlyList<int> partitions)
        {
            book.Take(name, partitions);
            return Task.CompletedTask;
        }

        public async Task RevokedAsync(IReadOnlyList<int> partitions, bool lost)
        {
            // As long as an owner takes to finish its step.
            await Task.Delay(100);
            book.Give(name, partitions);
        }

        public long? Position(int partition) => 0;
    }

    [Fact]
    public async Task Two_share_and_the_one_who_stays_gets_all()
    {
        var options = fixture.Broker.Options();
        options.SessionTimeout = TimeSpan.FromSeconds(10);
        using var first = BrokerFixture.Open(options);
        using var second = BrokerFixture.Open(options);
        var book = new Book();
        using var stopFirst = new CancellationTokenSource();
        using var stopSecond = new CancellationTokenSource();
        var one = Run(first, "one", book, stopFirst.Token);
        await UntilAsync(() => book.Of("one") == 4, "one has all");
        var two = Run(second, "two", book, stopSecond.Token);
        await UntilAsync(() => book.Of("one") == 2 && book.Of("two") == 2, "both have two");
        await stopFirst.CancelAsync();
        await one;
        Assert.Equal(0, book.Of("one"));
        await UntilAsync(() => book.Of("two") == 4, "two has all");
        await stopSecond.CancelAsync();
        await two;
        Assert.Equal(0, book.Of("two"));
        Assert.Empty(book.Violations);
    }

    private static Task Run(KafkaLog log, string name, Book book, CancellationToken cancel) =>
        new KafkaGroup(log, NullLogger<KafkaGroup>.Instance).RunAsync(new Worker(name, book), cancel);

    private static async Task UntilAsync(Func<bool> isTrue, string what)
    {
        using var over = new CancellationTokenSource(_soon);
        while (!isTrue())
        {
            if (over.IsCancellationRequested) Assert.Fail($"not within {_soon.TotalSeconds:0} s: {what}");
            await Task.Delay(50, CancellationToken.None);
        }
    }
}
