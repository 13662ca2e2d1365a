using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// Where the native library comes from; the one place in which the two package profiles differ. The cluster profile brings its own. The
/// default profile takes the system's <c>librdkafka.so.1</c> (apt librdkafka1), under whatever name the managed part asks for it.
/// </summary>
internal static class KafkaLibrary
{
    private static readonly Lock _lock = new();
    private static bool _isResolved;

    /// <exception cref="InvalidOperationException">The library is not on this machine; the message says what to install.</exception>
    public static void Load()
    {
        lock (_lock)
        {
            if (_isResolved) return;
#if !CLUSTER
            NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, (name, assembly, path) =>
                name.EndsWith("librdkafka", StringComparison.Ordinal) && NativeLibrary.TryLoad("librdkafka.so.1", out var handle) ? handle : 0);
#endif
            _isResolved = true;
        }
        try { _ = Library.Version; }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or InvalidOperationException)
        {
            throw new InvalidOperationException(
                "Kafka needs the library librdkafka.so.1, and this machine does not have it: install the package librdkafka1 (`./dev run` does that when CLOSEDLOOP_KAFKA is set), or build with -p:Cluster=true.", e);
        }
    }
}
