namespace ClosedLoop.Streaming.Webhooks;

/// <summary>
/// Requests under way beyond the first of each endpoint. Each endpoint has its first for itself, so hanging ones can use up what is
/// shared and still not stop a healthy one.
/// </summary>
internal sealed class SharedPlaces(int max)
{
    private int _taken;

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= max) return true;
        Interlocked.Decrement(ref _taken);
        return false;
    }

    public void Return() => Interlocked.Decrement(ref _taken);
}
