using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ClosedLoop.Streaming.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchSettings
{
    public const string Usage = """
        ./dev bench [NAME…] [--quick] [--full] [--rounds N]

        NAME       B1a B1c B1f B3a B3a+facts B4 B5 B6 B7a B7b B12; all when left out
        --quick    two rounds of short slices, for a look
        --full     the core at 10,000,000 visitors instead of 1,000,000 (about 8 GB of memory)
        --rounds   rounds of every row instead of its own number (9 for B1a, B1c, B3a, B4, B6, otherwise 3)
        """;

    private const int RoundsMax = 100;

    public IReadOnlyList<string> Names { get; private init; } = [];
    public bool Quick { get; private init; }
    public bool Full { get; private init; }
    public bool Help { get; private init; }
    /// <summary>This process already runs on the generator's core.</summary>
    public bool Pinned { get; private init; }
    public int? Rounds { get; private init; }

    public TimeSpan SliceTime => TimeSpan.FromSeconds(Quick ? 2 : 5);

    public int RoundsOf(bool headline) => Rounds ?? (Quick ? 2 : headline ? 9 : 3);

    public bool Wants(string id) => Names.Count == 0 || Names.Contains(id, StringComparer.OrdinalIgnoreCase);

    public static bool TryRead(string[] args, [NotNullWhen(true)] out BenchSettings? settings, [NotNullWhen(false)] out string? mistake)
    {
        var read = new BenchSettings();
        var names = new List<string>();
        (settings, mistake) = (null, null);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--quick": read = read with { Quick = true }; break;
                case "--full": read = read with { Full = true }; break;
                case "--pinned": read = read with { Pinned = true }; break;
                case "--help" or "-h": read = read with { Help = true }; break;
                case "--rounds" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= RoundsMax:
                    read = read with { Rounds = n };
                    i++;
                    break;
                case var name when BenchRun.Ids.Contains(name, StringComparer.OrdinalIgnoreCase): names.Add(name); break;
                default:
                    mistake = $"'{args[i]}' is not understood.\n{Usage}";
                    return false;
            }
        }
        settings = read with { Names = names };
        return true;
    }
}
