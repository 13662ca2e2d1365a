namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>
/// Answers of a <see cref="HostTable"/> by host: a site's referrers are few and come again and again. A new host takes the slot of an old one, so memory
/// has a limit. Safe from many threads: an answer is immutable and published by one reference.
/// </summary>
internal sealed class HostMemory(HostTable table)
{
    /// <summary>Hosts that are remembered at once; together with <see cref="HostBytesMax"/> at most half a megabyte.</summary>
    public const int HostsMax = 4096;

    /// <summary>Longer hosts are looked up each time.</summary>
    public const int HostBytesMax = 64;

    private readonly Answer?[] _answers = new Answer?[HostsMax];

    public KnownSource? Find(ReadOnlySpan<byte> host)
    {
        if (host.Length > HostBytesMax) return table.Find(host);
        ref var slot = ref _answers[LabelHash.Final(LabelHash.Label(host)) & (HostsMax - 1)];
        var answer = Volatile.Read(ref slot);
        if (answer is not null && host.SequenceEqual(answer.Host)) return answer.Source;
        answer = new Answer(host.ToArray(), table.Find(host));
        Volatile.Write(ref slot, answer);
        return answer.Source;
    }

    private sealed record Answer(byte[] Host, KnownSource? Source);
}
