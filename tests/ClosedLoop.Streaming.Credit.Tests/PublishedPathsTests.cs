using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Credit.Tests;

/// <summary>The published small case: (a)×2, (b,c)×1, (c,a,b)×5, each conversion worth 1.</summary>
public sealed class PublishedPathsTests
{
    private static readonly (string Path, int Times)[] Paths = [("a", 2), ("bc", 1), ("cab", 5)];

    [Theory]
    [InlineData(AttributionModel.FirstTouch, 2, 1, 5)]
    [InlineData(AttributionModel.LastTouch, 2, 5, 1)]
    [InlineData(AttributionModel.LastNonDirect, 2, 5, 1)]
    [InlineData(AttributionModel.Linear, 3.6667, 2.1667, 2.1667)]
    [InlineData(AttributionModel.PositionBased, 3, 2.5, 2.5)]
    public void Credit_per_channel_is_the_published_one(AttributionModel model, double a, double b, double c)
    {
        var credit = new Dictionary<char, decimal> { ['a'] = 0, ['b'] = 0, ['c'] = 0 };
        foreach (var (path, times) in Paths)
        {
            var touches = path.Select((_, i) => Ledgers.At(i + 1, i)).ToArray();
            foreach (var row in Ledgers.Post(Ledgers.Won(5, 1_000_000), touches, model))
                credit[path[row.Index]] += times * row.Amount / (decimal)Money.Unit / 1_000_000;
        }
        Assert.Equal([(decimal)a, (decimal)b, (decimal)c], credit.Values.Select(v => decimal.Round(v, 4)));
    }
}
