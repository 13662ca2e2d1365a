using System.Globalization;
using ClosedLoop.Streaming.Log;
using Confluent.Kafka;
using Xunit;

namespace ClosedLoop.Streaming.Testing;

/// <summary>
/// A broker for tests: the one of CLOSEDLOOP_TEST_KAFKA (host:port), or librdkafka's own mock cluster, which speaks the real protocol over
/// loopback, also to other processes. The mock makes every topic with four partitions when it is asked for, keeps about the last 5 MB of each,
/// and can't make topics or refuse passwords.
/// </summary>
public sealed class TestBroker : IDisposable
{
    public const string Variable = "CLOSEDLOOP_TEST_KAFKA";
    public const int Partitions = 4;
    private const int Brokers = 3;

    private static int _prefixes;

    private readonly IProducer<Null, byte[]>? _mock;

    private TestBroker(string address, IProducer<Null, byte[]>? mock) => (Address, _mock) = (address, mock);

    public string Address { get; }

    public bool IsMock => _mock is not null;

    /// <summary>Skips the test with the reason when the native library is not here.</summary>
    public static TestBroker Start()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } real) return new TestBroker(real, null);
        try { KafkaOpening.LoadLibrary(); }
        catch (InvalidOperationException e) { Assert.Skip(e.Message); }
        var mock = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = "unused:1" }.With("test.mock.num.brokers", Brokers.ToString(CultureInfo.InvariantCulture)))
            .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(mock.Handle).Build();
        var brokers = admin.GetMetadata(TimeSpan.FromSeconds(20)).Brokers;
        return new TestBroker(string.Join(',', brokers.Select(b => string.Create(CultureInfo.InvariantCulture, $"{b.Host}:{b.Port}"))), mock);
    }

    /// <summary>Settings with a prefix of their own; the topics are there.</summary>
    public KafkaLogOptions Options(string? prefix = null)
    {
        var options = new KafkaLogOptions
        {
            Brokers = Address, Partitions = Partitions, CreateTopics = !IsMock,
            Prefix = prefix ?? string.Create(CultureInfo.InvariantCulture, $"test{Environment.ProcessId}.{Environment.TickCount64}.{Interlocked.Increment(ref _prefixes)}"),
        };
        if (_mock is null) return options;
        using var admin = new DependentAdminClientBuilder(_mock.Handle).Build();
        foreach (var topic in new[] { "hits", "facts", "settings", "log" }) admin.GetMetadata($"{options.Prefix}.{topic}", TimeSpan.FromSeconds(20));
        return options;
    }

    /// <summary>All brokers of the mock stop answering, or answer again.</summary>
    public void SetAway(bool isAway)
    {
        var cluster = MockCluster.Of(_mock ?? throw new InvalidOperationException("Only the mock goes away when it is told to."));
        for (var broker = 1; broker <= Brokers; broker++) MockCluster.Set(cluster, broker, isAway);
    }

    public void Dispose() => _mock?.Dispose();
}

internal static class ConfigExtensions
{
    public static ProducerConfig With(this ProducerConfig config, string name, string value)
    {
        config.Set(name, value);
        return config;
    }
}
