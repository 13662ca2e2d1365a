using System.Text;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>What <c>POST /v1/webhooks/{id}/test</c> sends: signed like any other, and of no person.</summary>
public static class TestMessage
{
    public static byte[] Body(DateTimeOffset now) => Encoding.UTF8.GetBytes(
        $$$"""{"type":"{{{MessageType.Test}}}","timestamp":"{{{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}}","data":{"text":"This is a test. If you can read it and the signature holds, webhooks will reach you."}}""");
}
