using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Credit.Tests;

/// <summary>Random paths from a printed seed.</summary>
public sealed class LedgerPropertyTests
{
    private const int Cases = 3_000;

    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public void Amounts_and_shares_sum_exactly_and_the_rules_hold(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < Cases; i++)
        {
            var touches = Touches(random);
            var conversion = Conversion(random);
            var lookback = random.Next(1, 400);
            var rows = new List<CreditRow>();
            Attribution.Post(conversion, touches, lookback, ModelNames.All.ToArray(), rows);
            foreach (var model in ModelNames.All)
            {
                var own = rows.Where(row => row.Model == model).ToList();
                Assert.Equal(conversion.Value, own.Sum(row => row.Amount));
                Assert.Equal(CreditRow.ShareWhole, own.Sum(row => row.Share));
                Assert.Equal(own.Count, own.Select(row => row.Index).Distinct().Count());
                foreach (var row in own) Check(row, touches, conversion, lookback);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    public void Parts_are_within_one_unit_of_the_exact_share(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < Cases; i++)
        {
            var weights = new ulong[random.Next(1, 200)];
            for (var w = 0; w < weights.Length; w++) weights[w] = (ulong)random.NextInt64(0, 1L << random.Next(1, 62));
            weights[random.Next(weights.Length)] = 1UL << 62;
            var total = random.NextInt64(0, 1L << random.Next(1, 50));
            var parts = new long[weights.Length];
            Apportionment.Divide(total, weights, parts);
            Assert.Equal(total, parts.Sum());
            var sum = weights.Sum(w => (decimal)w);
            for (var w = 0; w < weights.Length; w++)
                Assert.True(Math.Abs(parts[w] - (double)total * weights[w] / (double)sum) <= 1.0001, $"seed {seed} case {i}");
        }
    }

    [Fact]
    public void Half_powers_are_those_of_floating_point_to_nine_digits()
    {
        var random = new Random(3);
        for (var i = 0; i < Cases; i++)
        {
            var age = random.NextInt64(0, 30 * Weights.HalfLifeMs);
            var exact = Math.Pow(0.5, age / (double)Weights.HalfLifeMs);
            Assert.Equal(1.0, HalfPower.Of(age, Weights.HalfLifeMs) / (double)HalfPower.One / exact, 1e-9);
        }
        Assert.Equal(HalfPower.One, HalfPower.Of(0, 1));
        Assert.Equal(HalfPower.One / 2, HalfPower.Of(5, 5));
        Assert.Equal(0UL, HalfPower.Of(long.MaxValue, 1));
    }

    [Fact]
    public void A_correction_leaves_exactly_the_new_rows_standing()
    {
        var random = new Random(4);
        for (var i = 0; i < Cases; i++)
        {
            var conversion = Conversion(random);
            var touches = Touches(random);
            var models = ModelNames.All.ToArray();
            List<CreditRow> before = [], after = [], posted = [], again = [];
            Attribution.Post(conversion, touches.Where(_ => random.Next(3) > 0).ToArray(), 90, models, before);
            Attribution.Post(conversion, touches, 90, models, after);
            Ledger.Correct(before.ToArray(), after.ToArray(), posted);
            Assert.Equal(Net(after), Net(before.Concat(posted)));
            Ledger.Correct(after.ToArray(), after.ToArray(), again);
            Assert.Empty(again);
            Ledger.Reverse(after.ToArray(), again);
            Assert.Empty(Net(after.Concat(again)));
        }
    }

    private static Dictionary<(AttributionModel, Id), (long, int)> Net(IEnumerable<CreditRow> rows) => rows
        .GroupBy(row => (row.Model, row.Touch))
        .Select(group => (group.Key, Sum: (group.Sum(row => row.Sign * row.Amount), group.Sum(row => row.Sign * row.Share))))
        .Where(pair => pair.Sum != (0, 0))
        .OrderBy(pair => pair.Key)
        .ToDictionary(pair => pair.Key, pair => pair.Sum);

    private static void Check(CreditRow row, Touch[] touches, Conversion conversion, int lookback)
    {
        Assert.True(row.Amount >= 0 && row.Share >= 0 && row.Sign == 1);
        if (conversion.Value % 100 == 0) Assert.Equal(0, row.Amount % 100);
        if (row.IsUnattributed)
        {
            Assert.Equal(-1, row.Index);
            return;
        }
        var touch = touches[row.Index];
        Assert.Equal(touch.Id, row.Touch);
        Assert.True(touch.TimeMs <= conversion.TimeMs);
        var free = row.Model is AttributionModel.FirstTouch or AttributionModel.PositionBased && row.Index == 0;
        Assert.True(free || touch.TimeMs >= conversion.TimeMs - lookback * Ledgers.Day);
    }

    private static Touch[] Touches(Random random) => Enumerable.Range(1, random.Next(0, 40))
        .Select(i => Ledgers.At(i, random.NextDouble() * random.Next(1, 600), random.Next(3) == 0))
        .OrderBy(touch => (touch.TimeMs, touch.Id)).ToArray();

    private static Conversion Conversion(Random random) => new(new Id(9, 9), Ledgers.Start + random.NextInt64(0, 600 * Ledgers.Day),
        random.Next(4) switch { 0 => 0, 1 => random.Next(0, 5), 2 => random.NextInt64(0, 1L << 49), _ => 100 * random.Next(0, 100_000) });
}
