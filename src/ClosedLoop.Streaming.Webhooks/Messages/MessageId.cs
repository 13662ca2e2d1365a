using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>
/// The header <c>webhook-id</c>: computed from the cause's id, the person and what changed, so that a fact that is read again, or
/// computed again, has the id that it had (CONTRACT.md §5). The endpoint is not part of it.
/// </summary>
public static class MessageId
{
    public const string Prefix = "msg_";

    public static Id Of(RecordReader fact, string type)
    {
        var cause = fact.IdOf(Field.CauseId);
        if (cause == Id.None) cause = fact.Id;
        var subject = fact[fact.Kind switch { RecordKind.StageChanged => Field.Stage, RecordKind.DealAttributed => Field.DealId, _ => Field.Segment }];
        var typeBytes = Encoding.ASCII.GetByteCount(type);
        var buffer = new byte[Id.Bytes + typeBytes + fact.Site.Length + fact.Key.Length + subject.Length + 3];
        cause.Write(buffer);
        var at = Id.Bytes + Encoding.ASCII.GetBytes(type, buffer.AsSpan(Id.Bytes)) + 1;
        fact.Site.CopyTo(buffer.AsSpan(at));
        at += fact.Site.Length + 1;
        fact.Key.CopyTo(buffer.AsSpan(at));
        at += fact.Key.Length + 1;
        subject.CopyTo(buffer.AsSpan(at));
        return Id.OfBytes(buffer);
    }

    /// <summary>The id of a test message: another at each millisecond.</summary>
    public static Id OfTest(string endpoint, long nowMs) => Id.OfBytes(Encoding.UTF8.GetBytes($"test {endpoint} {nowMs}"));

    /// <summary>The person whose deliveries keep their order: site and actor key.</summary>
    public static Id PersonOf(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key)
    {
        var buffer = new byte[site.Length + 1 + key.Length];
        site.CopyTo(buffer);
        key.CopyTo(buffer.AsSpan(site.Length + 1));
        return Id.OfBytes(buffer);
    }

    public static string Text(Id id) => Prefix + id;

    public static bool TryParse(string text, out Id id)
    {
        id = default;
        return text.StartsWith(Prefix, StringComparison.Ordinal) && Id.TryParse(text.AsSpan(Prefix.Length), out id);
    }
}
