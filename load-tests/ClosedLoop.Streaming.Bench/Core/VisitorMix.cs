namespace ClosedLoop.Streaming.Bench.Core;

/// <summary>
/// Who comes next: 70 % of visitors have one hit, 20 % two to five, 9 % six to twenty, 1 % fifty to a hundred. Hits come in visits of up to
/// three pages, some seconds to three minutes between them, visits of one visitor days apart, everybody's mixed with everybody else's.
/// The same seed gives the same sequence.
/// </summary>
internal sealed class VisitorMix
{
    private const int PagesPerVisitMax = 3, ExtraShift = 28, VisitorMask = (1 << ExtraShift) - 1;
    private const int LaterMax = 1 << 13;
    /// <summary>The whole mix comes by in so many days.</summary>
    public const double Days = 30;
    private const double PageSecondsMin = 10, PageSecondsMax = 180;

    private readonly Random _random;
    private readonly int[] _visits;
    private readonly int[] _later = new int[LaterMax];
    private readonly int _soonest, _latest;
    private long _ordinal;
    private int _next;

    public VisitorMix(int visitors, int seed)
    {
        _random = new Random(seed);
        var visits = new List<int>(visitors * 2);
        for (var visitor = 0; visitor < visitors; visitor++)
            for (var hits = HitsOfOne(); hits > 0; hits -= PagesPerVisitMax)
            {
                visits.Add(visitor | (Math.Min(hits, PagesPerVisitMax) - 1) << ExtraShift);
                Hits += Math.Min(hits, PagesPerVisitMax);
            }
        _visits = [.. visits];
        _random.Shuffle(_visits);
        var hitsPerSecond = Hits / (Days * 86_400);
        _soonest = (int)(hitsPerSecond * PageSecondsMin);
        _latest = Math.Min((int)(hitsPerSecond * PageSecondsMax), LaterMax / 2);
    }

    /// <summary>Hits of the whole mix.</summary>
    public long Hits { get; }

    public long Ordinal => _ordinal;

    /// <summary>Whether the last <see cref="Next"/> began a visit: then it came from outside, later pages come from the site itself.</summary>
    public bool BeganVisit { get; private set; }

    /// <summary>The visitor of the next hit. After the mix is through, visits are drawn from it again by chance.</summary>
    public int Next()
    {
        var place = (int)(_ordinal++ & (LaterMax - 1));
        var entry = _later[place] - 1;
        BeganVisit = entry < 0;
        if (entry >= 0) _later[place] = 0;
        else entry = _next < _visits.Length ? _visits[_next++] : _visits[_random.Next(_visits.Length)];
        if (entry >> ExtraShift > 0) GoOn(entry - (1 << ExtraShift));
        return entry & VisitorMask;
    }

    // The next page of this visit, after the hits that others leave in that time; of few people they are none.
    private void GoOn(int entry)
    {
        var place = (int)((_ordinal + _random.Next(_soonest, _latest + 1)) & (LaterMax - 1));
        while (_later[place] != 0) place = (place + 1) & (LaterMax - 1);
        _later[place] = entry + 1;
    }

    private int HitsOfOne() => _random.NextDouble() switch
    {
        < 0.70 => 1,
        < 0.90 => _random.Next(2, 6),
        < 0.99 => _random.Next(6, 21),
        _ => _random.Next(50, 101),
    };
}
