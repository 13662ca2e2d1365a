using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Simulation.Tests;

/// <summary>FIELD.md §8 in floating point: the share of each touch in a conversion; Id.None where no touch explains it.</summary>
internal static class NaiveCredit
{
    public static Dictionary<Id, double> Of(AttributionModel model, IEnumerable<(long At, Id Id, bool Direct)> touches, long conversion, int lookbackDays)
    {
        var all = touches.Where(t => t.At <= conversion).OrderBy(t => t.At).ThenBy(t => t.Id).ToList();
        var near = all.Where(t => t.At >= conversion - lookbackDays * 86_400_000L).ToList();
        var position = near.Count > 0 && all[0] != near[0] || near.Count == 0 && all.Count > 0 ? [all[0], .. near] : near;
        List<double> Weigh(List<(long At, Id Id, bool Direct)> path, Func<int, double> weight) => [.. path.Select((_, i) => weight(i))];
        var (path, weights) = model switch
        {
            AttributionModel.FirstTouch => (all.Take(1).ToList(), Weigh([.. all.Take(1)], _ => 1)),
            AttributionModel.LastTouch => (near.TakeLast(1).ToList(), Weigh([.. near.TakeLast(1)], _ => 1)),
            AttributionModel.LastNonDirect => One(near),
            AttributionModel.Linear => (near, Weigh(near, _ => 1)),
            AttributionModel.PositionBased => (position, Weigh(position, i => position.Count <= 2 ? 1 : i == 0 || i == position.Count - 1 ? 0.4 : 0.2 / (position.Count - 2))),
            _ => (near, Weigh(near, i => Math.Pow(2, (near[i].At - near[^1].At) / (7 * 86_400_000.0)))),
        };
        if (path.Count == 0) return new Dictionary<Id, double> { [Id.None] = 1 };
        var sum = weights.Sum();
        return path.Select((t, i) => (t.Id, Share: weights[i] / sum)).GroupBy(t => t.Id).ToDictionary(g => g.Key, g => g.Sum(t => t.Share));
    }

    private static (List<(long At, Id Id, bool Direct)>, List<double>) One(List<(long At, Id Id, bool Direct)> near)
    {
        var last = near.FindLastIndex(t => !t.Direct);
        var path = near.Count == 0 ? near : [near[last < 0 ? ^1 : last]];
        return (path, [.. path.Select(_ => 1.0)]);
    }
}
