using System.Text;
using System.Text.Json;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Collector.Agents;

/// <summary>
/// Tells bots from people and devices from each other by the User-Agent. Never throws on any bytes, never backtracks, and answers from memory for
/// agents that it has seen lately. Safe from many threads. Only known bots are bots: who sends no agent, or a browser without its window that a site's
/// owner tests with (HeadlessChrome), counts as a person.
/// </summary>
public sealed class AgentClassifier
{
    /// <summary>Bytes of an agent that are looked at; what comes after says nothing more.</summary>
    public const int AgentBytesMax = 1024;

    private readonly AgentPatterns? _patterns;
    private readonly AgentCache _cache = new();
    private readonly ulong _seed;

    /// <param name="json">The crawler-user-agents list, or null for our own small list alone.</param>
    /// <param name="seed">Any number; differs from start to start, so that nobody can aim at a slot of the memory.</param>
    /// <exception cref="JsonException">The list can't be read.</exception>
    public AgentClassifier(byte[]? json, ulong seed = 0)
    {
        _seed = seed;
        if (json is null) return;
        _patterns = AgentPatterns.Parse(json);
    }

    /// <summary>Reads the list from a file. Without one, our own small list is all there is: see <see cref="HasList"/>, and say so.</summary>
    /// <exception cref="JsonException">The file is not such a list.</exception>
    public static AgentClassifier Load(string? path, ulong seed = 0) =>
        new(path is not null && File.Exists(path) ? File.ReadAllBytes(path) : null, seed);

    /// <summary>Whether the fetched list is in use.</summary>
    public bool HasList => _patterns is not null;

    /// <summary>Patterns of the fetched list that are in use; 0 without it.</summary>
    public int Patterns => _patterns?.Count ?? 0;

    /// <summary>Patterns of the fetched list that could not be used.</summary>
    public int Unusable => _patterns?.Unusable ?? 0;

    /// <param name="agent">The User-Agent header as sent.</param>
    public AgentVerdict Classify(ReadOnlySpan<byte> agent)
    {
        agent = agent.Trim((byte)' ');
        if (agent.Length > AgentBytesMax) agent = agent[..AgentBytesMax];
        var hash = XxHash.Hash64(agent, _seed);
        if (!_cache.TryGet(hash, out var answer))
        {
            answer = Answer(Encoding.UTF8.GetString(agent));
            _cache.Set(hash, answer);
        }
        // The low byte is the device, the high byte the class; 0 in each stands for "none".
        return new AgentVerdict(answer >> 8 == 0 ? null : BotClasses.Names[(answer >> 8) - 1], DeviceClasses.Names[(answer & 0xFF) - 1]);
    }

    /// <summary>As above for text.</summary>
    public AgentVerdict Classify(string? agent)
    {
        if (string.IsNullOrEmpty(agent)) return Classify([]);
        Span<byte> bytes = stackalloc byte[AgentBytesMax];
        Encoding.UTF8.TryGetBytes(agent, bytes, out var written);
        return written == 0 ? Classify(Encoding.UTF8.GetBytes(agent)) : Classify(bytes[..written]);
    }

    private ushort Answer(string agent)
    {
        agent = agent.Replace("HeadlessChrome/", "Chrome/", StringComparison.Ordinal);
        var lower = agent.ToLowerInvariant();
        var botClass = agent is "" or "-" or "Mozilla/5.0" ? null : _patterns?.ClassOf(agent) ?? AgentMarks.ClassOf(lower);
        var device = botClass is null ? DeviceClasses.Of(lower) : DeviceClasses.Bot;
        return (ushort)(((Array.IndexOf(BotClasses.Names, botClass) + 1) << 8) | (Array.IndexOf(DeviceClasses.Names, device) + 1));
    }
}
