namespace ClosedLoop.Streaming.Visitors;

public sealed partial class Person
{
    private static readonly byte[][] StageTexts = ["visitor"u8.ToArray(), "lead"u8.ToArray(), "mql"u8.ToArray(), "sql"u8.ToArray(), "customer"u8.ToArray(),
        "repeat"u8.ToArray(), "lost"u8.ToArray()];

    public static ReadOnlySpan<byte> StageText(Stage stage) => StageTexts[(int)stage];

    public ReadOnlySpan<byte> TextOf(TextMeasure measure) => measure switch
    {
        TextMeasure.Stage => StageText(StageNow().Stage),
        TextMeasure.Channel => LastSession(out var part, out var session) ? part.ChannelOf(session.Source) : default,
        TextMeasure.FirstChannel => FirstSession(out var part, out var session) ? part.ChannelOf(session.Source) : default,
        TextMeasure.Source => LastSession(out var part, out var session) && session.Source >= 0 ? part[part.Sources[session.Source].Source] : default,
        TextMeasure.Campaign => LastSession(out var part, out var session) && session.Source >= 0 ? part[part.Sources[session.Source].Campaign] : default,
        TextMeasure.Country => Last(static p => p.Country),
        TextMeasure.Device => Last(static p => p.Device),
        TextMeasure.LostReason => LostReason(),
        TextMeasure.PreferredContact => Most(static p => p.ContactChannels),
        TextMeasure.Affinity => Most(static p => p.Categories),
        _ => default,
    };

    public ReadOnlySpan<byte> ExternalId => Last(static p => p.ExternalId);

    public ReadOnlySpan<byte> EmailSealed => Last(static p => p.EmailSealed);

    public bool FirstSession(out History part, out Session session)
    {
        (part, session) = (null!, default);
        foreach (var candidate in _parts)
            if (candidate.Sessions.Count > 0 && (part is null || IsBefore(candidate.Sessions[0], session)))
                (part, session) = (candidate, candidate.Sessions[0]);
        return part is not null;
    }

    public bool LastSession(out History part, out Session session)
    {
        (part, session) = (null!, default);
        foreach (var candidate in _parts)
            if (candidate.Sessions.Count > 0 && (part is null || IsBefore(session, candidate.Sessions.Last)))
                (part, session) = (candidate, candidate.Sessions.Last);
        return part is not null;
    }

    // By key where two browsers began in one moment: the order in which they joined must not matter.
    private static bool IsBefore(in Session a, in Session b) => a.Start != b.Start ? a.Start < b.Start : a.Key < b.Key;

    private ReadOnlySpan<byte> Last(Func<History, LastText> of)
    {
        ReadOnlySpan<byte> text = default;
        (long At, ulong Key) last = (long.MinValue, 0);
        foreach (var part in _parts)
        {
            var own = of(part);
            if (own.Text.IsEmpty || (own.At, own.Key).CompareTo(last) <= 0) continue;
            text = part[own.Text];
            last = (own.At, own.Key);
        }
        return text;
    }

    // The highest count wins; of equals the one whose name comes first, so that order of arrival doesn't matter.
    private ReadOnlySpan<byte> Most(Func<History, Slots<NamedCount>> of)
    {
        ReadOnlySpan<byte> most = default;
        var count = 0L;
        foreach (var part in _parts)
            foreach (ref readonly var tally in of(part).Span)
            {
                var name = part[tally.Name];
                var sum = SumOf(of, name);
                if (sum < count || sum == count && name.SequenceCompareTo(most) >= 0) continue;
                most = name;
                count = sum;
            }
        return most;
    }

    private long SumOf(Func<History, Slots<NamedCount>> of, ReadOnlySpan<byte> name)
    {
        var sum = 0L;
        foreach (var part in _parts)
            foreach (ref readonly var tally in of(part).Span)
                if (part[tally.Name].SequenceEqual(name)) sum += tally.Count;
        return sum;
    }
}
