namespace ClosedLoop.Streaming.Credit;

/// <summary>
/// All paths of a period towards one goal, counted: what Markov and Shapley are computed over. A path is its channels in order of time;
/// immediate repeats are folded, because staying with a channel changes no probability of getting on.
/// </summary>
public sealed class PathBook
{
    /// <summary>Channels told apart; further ones, the rarest, count as one.</summary>
    public const int ChannelsMax = 63;

    /// <summary>Steps of one path; of a longer one the first and the latest count.</summary>
    public const int StepsMax = 256;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly Dictionary<PathKey, (long Converting, long Null)> _paths = [];

    /// <summary>Names by number; numbers count from 0 in order of first mention.</summary>
    public IReadOnlyList<string> Channels => _names;

    /// <summary>Distinct paths in a fixed order: of the same book whatever the order of adding.</summary>
    public IEnumerable<CountedPath> Paths => _paths.OrderBy(p => p.Key.Text, StringComparer.Ordinal)
        .Select(p => new CountedPath(p.Key.Steps, p.Value.Converting, p.Value.Null));

    public long Converting { get; private set; }
    public long Nulls { get; private set; }

    /// <summary>The number of a channel; of one that has none left, that of the last.</summary>
    public int NumberOf(string channel)
    {
        if (_numbers.TryGetValue(channel, out var number)) return number;
        if (_names.Count == ChannelsMax)
        {
            _names.Add("(other)");
            _numbers["(other)"] = ChannelsMax;
        }
        if (_names.Count > ChannelsMax) return _numbers[channel] = ChannelsMax;
        _names.Add(channel);
        return _numbers[channel] = _names.Count - 1;
    }

    /// <summary>A way, and how many people went it; one without a channel is not counted.</summary>
    public void Add(IEnumerable<string> channels, bool converts, long times = 1)
    {
        var steps = Fold(channels.Select(NumberOf));
        if (steps.Length == 0) return;
        var key = new PathKey(steps);
        var known = _paths.GetValueOrDefault(key);
        _paths[key] = converts ? (known.Converting + times, known.Null) : (known.Converting, known.Null + times);
        if (converts) Converting += times;
        else Nulls += times;
    }

    private static byte[] Fold(IEnumerable<int> numbers)
    {
        var steps = new List<byte>();
        foreach (var number in numbers)
            if (steps.Count == 0 || steps[^1] != number) steps.Add((byte)number);
        if (steps.Count > StepsMax) steps.RemoveRange(1, steps.Count - StepsMax);
        return [.. steps];
    }

    private readonly struct PathKey(byte[] steps) : IEquatable<PathKey>
    {
        public byte[] Steps { get; } = steps;
        public string Text { get; } = Convert.ToHexString(steps);

        public bool Equals(PathKey other) => Text == other.Text;
        public override bool Equals(object? obj) => obj is PathKey other && Equals(other);
        public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
    }
}

/// <summary>A path and how often it led to the goal and to nothing.</summary>
/// <param name="Steps">Numbers of channels, none twice in a row.</param>
public readonly record struct CountedPath(byte[] Steps, long Converting, long Null)
{
    /// <summary>The channels on it, a bit for each.</summary>
    public ulong Set
    {
        get
        {
            var set = 0UL;
            foreach (var step in Steps) set |= 1UL << step;
            return set;
        }
    }
}
