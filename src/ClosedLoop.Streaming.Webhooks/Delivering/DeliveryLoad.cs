namespace ClosedLoop.Streaming.Webhooks;

/// <summary>How much is on its way, over all endpoints, against its limits. Called under a lane's gate; the numbers are shared.</summary>
internal sealed class DeliveryLoad(WebhooksOptions options)
{
    private long _bodyBytes;
    private int _open;
    private int _unwritten;

    public int Open => Volatile.Read(ref _open);
    public int Unwritten => Volatile.Read(ref _unwritten);
    public long BodyBytes => Interlocked.Read(ref _bodyBytes);

    /// <summary>Bodies that are in the file should not be in memory as well.</summary>
    public bool Heavy => BodyBytes > options.BodyBytesMax / 2;

    /// <summary>False: the reader of facts has to wait until something is written down.</summary>
    public bool HasRoom => Unwritten < options.UnwrittenMax && BodyBytes < options.BodyBytesMax;

    public void Began(Delivery delivery)
    {
        Interlocked.Increment(ref _open);
        Interlocked.Add(ref _bodyBytes, delivery.Body?.Length ?? 0);
        if (delivery.Written) return;
        delivery.Unwritten = true;
        Interlocked.Increment(ref _unwritten);
    }

    public void Ended() => Interlocked.Decrement(ref _open);

    public void Wrote(Delivery delivery)
    {
        if (!delivery.Unwritten) return;
        delivery.Unwritten = false;
        Interlocked.Decrement(ref _unwritten);
    }

    public void Release(Delivery delivery)
    {
        if (delivery.Body is not { } body) return;
        delivery.Body = null;
        Interlocked.Add(ref _bodyBytes, -body.Length);
    }
}
