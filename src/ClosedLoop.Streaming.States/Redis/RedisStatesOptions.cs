using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.States;

/// <summary>Settings of the states in Redis (section <c>Redis</c>). <see cref="Mistakes"/> says all that is wrong with them in one go.</summary>
public sealed partial class RedisStatesOptions
{
    /// <summary>host:port, several of one Redis Cluster comma-separated: <c>CLOSEDLOOP_REDIS</c>.</summary>
    public string Servers { get; set; } = "";

    /// <summary>Keys are {PREFIX.PARTITION}:…, the braces being the hash tag of Redis Cluster; 1–60 characters of a-z A-Z 0-9 . _ -.</summary>
    public string Prefix { get; set; } = "closedloop";

    public string? Password { get; set; }

    /// <summary>TLS; the server's certificate is checked against the system's authorities.</summary>
    public bool Tls { get; set; }

    /// <summary>Name in the server's certificate, when it isn't that of the address.</summary>
    public string? TlsHost { get; set; }

    /// <summary>How long the start waits, 1–120 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one command may take, 1–60 s; then the step is given up and the partition opened again.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes that one script is handed, 16 KiB–8 MiB; a larger step is saved in pieces. Redis serves nobody else meanwhile.</summary>
    public int ScriptBytesMax { get; set; } = 512 * 1024;

    /// <summary>States that one script changes, 16–10,000.</summary>
    public int ScriptStatesMax { get; set; } = 512;

    /// <summary>Fields asked for at a time while a partition is loaded, 10–10,000.</summary>
    public int ScanFieldsMax { get; set; } = 1000;

    /// <summary>Memory for the states of one partition in this process, bytes; 4 MiB to 32 GiB.</summary>
    public long ShelfBytesMax { get; set; } = Shelf.BytesMaxDefault;

    /// <summary>
    /// Begin with no states although the log holds facts of an earlier life: every hit is worked on again from the oldest one, and every fact is
    /// said again under the same id. Without it a Redis that lost everything is refused.
    /// </summary>
    public bool StartFromNothing { get; set; }

    /// <summary>All mistakes: what is wrong and what is allowed.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        void Range(string name, double value, double min, double max)
        {
            if (!(value >= min && value <= max)) mistakes.Add($"Redis:{name} is {value:0.###}; allowed is {min:0.###} to {max:0.###}.");
        }
        foreach (var server in Servers.Split(',').Select(s => s.Trim()))
            if (!Address().IsMatch(server)) mistakes.Add($"CLOSEDLOOP_REDIS names '{server}'; allowed is host:port, several with commas between them.");
        if (!Name().IsMatch(Prefix)) mistakes.Add($"Redis:Prefix is '{Prefix}'; allowed are 1 to 60 characters of a-z A-Z 0-9 . _ -.");
        if (!Tls && !string.IsNullOrEmpty(TlsHost)) mistakes.Add("Redis:TlsHost is set, but Redis:Tls is off; allowed with a name is true.");
        Range("ConnectTimeout (s)", ConnectTimeout.TotalSeconds, 1, 120);
        Range("CommandTimeout (s)", CommandTimeout.TotalSeconds, 1, 60);
        Range(nameof(ScriptBytesMax), ScriptBytesMax, 16 << 10, 8 << 20);
        Range(nameof(ScriptStatesMax), ScriptStatesMax, 16, 10_000);
        Range(nameof(ScanFieldsMax), ScanFieldsMax, 10, 10_000);
        Range(nameof(ShelfBytesMax), ShelfBytesMax, 4 << 20, Shelf.BytesMaxDefault);
        return mistakes;
    }

    [GeneratedRegex(@"^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$")]
    private static partial Regex Address();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,60}$")]
    private static partial Regex Name();
}
