using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.Host;

/// <summary>
/// SIGTERM and SIGINT from the first moment of a start on, when the server's own lifetime does not listen yet: without this a service that is
/// stopped while it starts would be cut off and end with 143, which supervisors take for a failure.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals(CancellationToken cancel)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop), PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop)];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        // Off the signal's thread: whoever waits for the token may do much there.
        _ = Task.Run(_stop.Cancel);
    }
}
