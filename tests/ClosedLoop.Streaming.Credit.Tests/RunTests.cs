using System.Numerics;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Credit.Tests;

/// <summary>Models over all paths: the published small cases, naive counterparts, and the ledger they make.</summary>
public sealed class RunTests
{
    [Fact]
    public void Markov_credit_is_the_published_one()
    {
        var book = Book(("ab", 3, 1), ("ac", 1, 1));
        Assert.Equal([1, 0.75, 0.25], Markov.RemovalEffects(book).Select(e => Math.Round(e, 9)));
        Assert.Equal([2m, 1.5m, 0.5m], Credits(book, AttributionModel.Markov, "abc").Values.Select(v => decimal.Round(v, 4)));
    }

    [Fact]
    public void Shapley_values_are_the_published_ones_where_a_channel_is_asked_what_it_adds_to_others()
    {
        var book = Book(("a", 2, 0), ("bc", 1, 0), ("cab", 5, 0));
        Assert.Equal([3, 2.1667, 2.1667], Shapley.ValuesBesideOthers(book).Select(v => Math.Round(v, 4)));
        // The value itself sums to the eight conversions, and so does the ledger.
        Assert.Equal([3.6667, 2.1667, 2.1667], Shapley.Values(book).Select(v => Math.Round(v, 4)));
        Assert.Equal([3.6667m, 2.1667m, 2.1667m], Credits(book, AttributionModel.Shapley, "abc").Values.Select(v => decimal.Round(v, 4)));
    }

    [Fact]
    public void Shapley_equals_the_walk_through_all_coalitions()
    {
        var random = new Random(11);
        for (var round = 0; round < 40; round++)
        {
            var book = RandomBook(random, random.Next(1, 8));
            var naive = Naive(book);
            foreach (var (value, expected) in Shapley.Values(book).Zip(naive)) Assert.Equal(expected, value, 9);
        }
    }

    [Fact]
    public void Removal_effects_equal_a_walk_of_the_chain()
    {
        var random = new Random(12);
        for (var round = 0; round < 20; round++)
        {
            var book = RandomBook(random, random.Next(1, 7));
            var whole = Walk(book, -2);
            var effects = Markov.RemovalEffects(book);
            for (var channel = 0; channel < effects.Length; channel++)
                Assert.Equal(whole == 0 ? 0 : 1 - Walk(book, channel) / whole, effects[channel], 6);
        }
    }

    [Fact]
    public void A_channel_gets_in_sum_what_it_is_worth_where_the_paths_allow_it()
    {
        var book = Book(("ab", 30, 10), ("ba", 20, 5), ("abc", 12, 4), ("cb", 8, 20), ("ca", 9, 3));
        var effects = Markov.RemovalEffects(book);
        var credits = Credits(book, AttributionModel.Markov, "abc").Values.ToList();
        for (var c = 0; c < 3; c++) Assert.Equal(79 * effects[c] / effects.Sum(), (double)credits[c], 3);
    }

    [Theory]
    [InlineData(AttributionModel.Markov)]
    [InlineData(AttributionModel.Shapley)]
    public void Every_conversion_is_shared_out_exactly(AttributionModel model)
    {
        var random = new Random(13);
        for (var round = 0; round < 60; round++)
        {
            var book = RandomBook(random, random.Next(1, 9));
            var run = new GoalRun(model, book);
            for (var n = 0; n < 20; n++)
            {
                var touches = Enumerable.Range(0, random.Next(0, 12)).Select(i => new RunTouch(new Id(1, (ulong)i), Name(random.Next(0, 9)))).ToList();
                var conversion = new Conversion(new Id(2, 2), 0, random.NextInt64(0, 10_000_000), random.NextInt64(-1_000_000, 1_000_000));
                var rows = new List<CreditRow>();
                run.Post(conversion, touches, rows);
                Assert.Equal(conversion.Value, rows.Sum(r => r.Amount));
                Assert.Equal(conversion.Profit, rows.Sum(r => r.Profit));
                Assert.Equal(CreditRow.ShareWhole, rows.Sum(r => r.Share));
                Assert.Equal(rows.Count, rows.Select(r => r.Touch).Distinct().Count());
                Assert.All(rows, r => Assert.True(r.Amount >= 0 && r.Share >= 0));
            }
        }
    }

    [Fact]
    public void Channels_over_the_limit_count_as_one_and_nothing_is_lost()
    {
        var book = new PathBook();
        for (var i = 0; i < 200; i++) book.Add([Name(i), Name(i + 1)], i % 2 == 0);
        Assert.Equal(PathBook.ChannelsMax + 1, book.Channels.Count);
        Assert.Equal("(other)", book.Channels[^1]);
        Assert.Equal(100, Shapley.Values(book).Sum(), 6);
        Assert.All(Markov.RemovalEffects(book), e => Assert.InRange(e, 0, 1));
    }

    [Fact]
    public void Repeats_are_folded_and_the_order_of_adding_does_not_matter()
    {
        var (one, other) = (new PathBook(), new PathBook());
        foreach (var book in new[] { one, other }) foreach (var name in "abc") book.NumberOf(name.ToString());
        string[] ways = ["aab", "abb", "cca", "b", "aabbcc"];
        foreach (var way in ways) one.Add(way.Select(c => c.ToString()), way.Length > 2);
        foreach (var way in ways.Reverse()) other.Add(way.Select(c => c.ToString()), way.Length > 2);
        Assert.Equal(4, one.Paths.Count());
        Assert.Equal(Markov.RemovalEffects(one), Markov.RemovalEffects(other));
        Assert.Equal(Fitting.Shares(one, Markov.RemovalEffects(one)).OrderBy(s => s.Key), Fitting.Shares(other, Markov.RemovalEffects(other)).OrderBy(s => s.Key), (a, b) => a.Key == b.Key && a.Value.SequenceEqual(b.Value));
    }

    [Fact]
    public void Nothing_converts_and_nothing_breaks()
    {
        var book = Book(("ab", 0, 5));
        Assert.Equal([0, 0], Markov.RemovalEffects(book));
        Assert.Equal([0, 0], Shapley.Values(book));
        Assert.Empty(new PathBook().Paths);
        Assert.Empty(Markov.RemovalEffects(new PathBook()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GoalRun(AttributionModel.Linear, book));
    }

    private static string Name(int number) => "channel " + number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static PathBook Book(params (string Way, int Converting, int Null)[] ways)
    {
        var book = new PathBook();
        foreach (var (way, converting, nulls) in ways)
        {
            for (var i = 0; i < converting; i++) book.Add(way.Select(c => c.ToString()), true);
            for (var i = 0; i < nulls; i++) book.Add(way.Select(c => c.ToString()), false);
        }
        return book;
    }

    private static PathBook RandomBook(Random random, int channels)
    {
        var book = new PathBook();
        for (var i = 0; i < 40; i++)
            book.Add(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Name(random.Next(channels))), random.Next(3) == 0);
        return book;
    }

    /// <summary>Each converting path of the book once as a conversion of 1, credited touch by touch.</summary>
    private static SortedDictionary<char, decimal> Credits(PathBook book, AttributionModel model, string channels)
    {
        var run = new GoalRun(model, book);
        var credit = new SortedDictionary<char, decimal>(channels.ToDictionary(c => c, _ => 0m));
        foreach (var path in book.Paths.Where(p => p.Converting > 0))
        {
            var rows = new List<CreditRow>();
            run.Post(new Conversion(new Id(1, 1), 0, 1_000_000 * Money.Unit), [.. path.Steps.Select((s, i) => new RunTouch(new Id(1, (ulong)i), book.Channels[s]))], rows);
            foreach (var row in rows) credit[book.Channels[path.Steps[row.Index]][0]] += path.Converting * row.Amount / (decimal)Money.Unit / 1_000_000;
        }
        return credit;
    }

    private static double[] Naive(PathBook book)
    {
        var n = book.Channels.Count;
        double Worth(uint coalition) => book.Paths.Where(p => (p.Set & ~(ulong)coalition) == 0).Sum(p => p.Converting);
        double Factorial(int k) => k <= 1 ? 1 : k * Factorial(k - 1);
        var values = new double[n];
        for (var channel = 0; channel < n; channel++)
            for (var coalition = 0u; coalition < 1u << n; coalition++)
            {
                if ((coalition >> channel & 1) != 0) continue;
                var size = BitOperations.PopCount(coalition);
                values[channel] += Factorial(size) * Factorial(n - size - 1) / Factorial(n) * (Worth(coalition | 1u << channel) - Worth(coalition));
            }
        return values;
    }

    // The probability of arriving, by pushing one unit from the start through the counted steps until next to nothing moves.
    private static double Walk(PathBook book, int without)
    {
        var n = book.Channels.Count;
        var steps = new double[n + 1, n + 2];
        foreach (var path in book.Paths)
        {
            var at = 0;
            foreach (var step in path.Steps) { steps[at, step] += path.Converting + path.Null; at = step + 1; }
            steps[at, n] += path.Converting;
            steps[at, n + 1] += path.Null;
        }
        var here = new double[n + 1];
        (here[0], var arrived) = (1, 0d);
        for (var round = 0; round < 5_000; round++)
        {
            var next = new double[n + 1];
            for (var from = 0; from <= n; from++)
            {
                var sum = Enumerable.Range(0, n + 2).Sum(to => steps[from, to]);
                if (here[from] == 0 || sum == 0 || from == without + 1) continue;
                for (var to = 0; to < n; to++) next[to + 1] += here[from] * steps[from, to] / sum;
                arrived += here[from] * steps[from, n] / sum;
            }
            here = next;
        }
        return arrived;
    }
}
