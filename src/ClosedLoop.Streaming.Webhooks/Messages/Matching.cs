using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>Which endpoints hear of a fact (CONTRACT.md §4 and §5). Pure; one rule per method.</summary>
public static class Matching
{
    public static bool Wants(WebhookEndpoint endpoint, RecordReader fact, string type) =>
        OfSite(endpoint, fact)
        && OfType(endpoint, type)
        && OfSegment(endpoint, fact, type)
        && (endpoint.History || fact.Int(Field.History) == 0)
        && (endpoint.First || fact.Int(Field.FirstEntry) == 0)
        // A rule that was changed without notify moves people silently.
        && fact.Int(Field.Quiet) == 0;

    private static bool OfSite(WebhookEndpoint endpoint, RecordReader fact) =>
        endpoint.Site is null || Same(endpoint.Site, fact.Site);

    private static bool OfType(WebhookEndpoint endpoint, string type) =>
        endpoint.Events.Count == 0 || endpoint.Events.Contains(type);

    /// <summary>
    /// An endpoint that names segments hears only of those. Of what has no segment it hears when it names that type; an erasure reaches
    /// it in any case, because it may hold data of that person.
    /// </summary>
    private static bool OfSegment(WebhookEndpoint endpoint, RecordReader fact, string type)
    {
        if (endpoint.Segments.Count == 0 || type == MessageType.PersonErased) return true;
        if (fact.Kind != RecordKind.SegmentChanged) return endpoint.Events.Contains(type);
        return Named(endpoint.Segments, fact[Field.Segment]);
    }

    private static bool Named(IReadOnlyList<string> names, ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (Same(names[i], name)) return true;
        }
        return false;
    }

    private static bool Same(string text, ReadOnlySpan<byte> utf8)
    {
        Span<byte> bytes = stackalloc byte[256];
        return Encoding.UTF8.TryGetBytes(text, bytes, out var length) && utf8.SequenceEqual(bytes[..length]);
    }
}
