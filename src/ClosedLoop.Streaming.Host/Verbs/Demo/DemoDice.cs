namespace ClosedLoop.Streaming.Host.Verbs.Demo;

/// <summary>Chance from a seed (SplitMix64): the same on every machine and in every version of the runtime.</summary>
internal sealed class DemoDice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to below <paramref name="below"/>.</summary>
    public int Int(int below) => (int)(Next() % (ulong)below);

    public int Between(int low, int high) => low + Int(high - low + 1);

    public bool Percent(int percent) => Int(100) < percent;
}
