namespace ClosedLoop.Streaming.Webhooks;

/// <summary>Whether a URL may be registered: its form, and the addresses that its name has now.</summary>
internal sealed class RefusalCheck(AddressGuard guard, GuardedConnector connector, TimeProvider time)
{
    private static readonly TimeSpan ResolveMax = TimeSpan.FromSeconds(5);

    /// <summary>Null when it may be registered; otherwise a sentence for the user. A name that has no address now is accepted.</summary>
    public async Task<string?> OfAsync(string? url, CancellationToken cancel)
    {
        if (!WebhookUrl.TryParse(url, guard, out var parsed, out var reason)) return reason;
        using var timeout = new CancellationTokenSource(ResolveMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try { await connector.CheckedAsync(parsed.IdnHost, either.Token).ConfigureAwait(false); }
        catch (AddressRefusedException e) { return $"The host has an address that is not public ({e.Kind}); CLOSEDLOOP_WEBHOOK_ALLOW may allow it."; }
        // The name may come to life later; each connection is checked again.
        catch (NameUnresolvedException) { return null; }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested) { return null; }
        return null;
    }
}
