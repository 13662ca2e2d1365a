using System.Net;

namespace ClosedLoop.Streaming.Grains;

/// <summary>Settings of the silo (section <c>Grains</c>). <see cref="Mistakes"/> says all that is wrong with them in one go.</summary>
public sealed class GrainsOptions
{
    /// <summary>False: the consumer group alone spreads the people, as without Orleans. Only with Kafka and Redis does either matter.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Silos of one cluster have the same name; 1–60 characters. Its members are listed in Redis under it.</summary>
    public string Cluster { get; set; } = "closedloop";

    /// <summary>IP address at which the other silos reach this one; <c>auto</c> is the one that this machine's own name has, as in a container.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port for the other silos, 1–65,535. No other port is opened: who calls grains is in a silo himself.</summary>
    public int Port { get; set; } = 11111;

    /// <summary>A grain that nobody called for so long leaves memory, 1 min to 1 day; its state is saved anyway.</summary>
    public TimeSpan IdleAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Grains of one partition that are called side by side, 1–4,096.</summary>
    public int CallsMax { get; set; } = 128;

    /// <summary>How long one call may take, 1–60 s; then it is repeated.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a call is repeated before the partition is opened anew, 1–1,000.</summary>
    public int CallAttemptsMax { get; set; } = 60;

    /// <summary>Pause before a call is repeated, 10 ms to 10 s.</summary>
    public TimeSpan CallPause { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often silos look after each other, 200 ms to 60 s; who misses three looks is taken for dead.</summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Actors of a partition whose last call is remembered, 1,000–50,000,000 (about 40 bytes each); over it all are forgotten and read again.</summary>
    public int RememberedMax { get; set; } = 1_000_000;

    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        void Range(string name, double value, double min, double max)
        {
            if (!(value >= min && value <= max)) mistakes.Add($"Grains:{name} is {value:0.###}; allowed is {min:0.###} to {max:0.###}.");
        }
        if (Cluster.Length is < 1 or > 60) mistakes.Add($"Grains:Cluster has {Cluster.Length} characters; allowed are 1 to 60.");
        if (Address != "auto" && !IPAddress.TryParse(Address, out _)) mistakes.Add($"Grains:Address is '{Address}'; allowed is the IP address at which other silos reach this one, or auto.");
        Range(nameof(Port), Port, 1, 65_535);
        Range("IdleAge (s)", IdleAge.TotalSeconds, 60, 86_400);
        Range(nameof(CallsMax), CallsMax, 1, 4096);
        Range("CallTimeout (s)", CallTimeout.TotalSeconds, 1, 60);
        Range(nameof(CallAttemptsMax), CallAttemptsMax, 1, 1000);
        Range("CallPause (s)", CallPause.TotalSeconds, 0.01, 10);
        Range("ProbeInterval (s)", ProbeInterval.TotalSeconds, 0.2, 60);
        Range(nameof(RememberedMax), RememberedMax, 1000, 50_000_000);
        return mistakes;
    }
}
