using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace ClosedLoop.Streaming.Testing;

/// <summary>The library's own switches of its mock cluster, which the managed part does not show.</summary>
internal static partial class MockCluster
{
    private const string Native = "librdkafka";

    static MockCluster() => NativeLibrary.SetDllImportResolver(typeof(MockCluster).Assembly, (name, _, _) =>
        name == Native && (NativeLibrary.TryLoad("librdkafka.so.1", out var handle) || NativeLibrary.TryLoad(name, typeof(Library).Assembly, null, out handle)) ? handle : 0);

    public static nint Of<TKey, TValue>(IProducer<TKey, TValue> producer)
    {
        var inner = typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(producer.Handle)!;
        return rd_kafka_handle_mock_cluster(((SafeHandle)inner).DangerousGetHandle());
    }

    public static void Set(nint cluster, int broker, bool isAway) => _ = isAway ? rd_kafka_mock_broker_set_down(cluster, broker) : rd_kafka_mock_broker_set_up(cluster, broker);

    [LibraryImport(Native)]
    private static partial nint rd_kafka_handle_mock_cluster(nint client);

    [LibraryImport(Native)]
    private static partial int rd_kafka_mock_broker_set_down(nint cluster, int broker);

    [LibraryImport(Native)]
    private static partial int rd_kafka_mock_broker_set_up(nint cluster, int broker);
}
