using ClosedLoop.Streaming.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Log.Tests;

/// <summary>One broker for all tests of a class.</summary>
public sealed class BrokerFixture : IDisposable
{
    private readonly Lazy<TestBroker> _broker = new(TestBroker.Start);

    internal TestBroker Broker => _broker.Value;

    internal static KafkaLog Open(KafkaLogOptions options) => new(options, NullLogger<KafkaLog>.Instance);

    public void Dispose()
    {
        if (_broker.IsValueCreated) _broker.Value.Dispose();
    }
}

public sealed class KafkaLogKeepsTheContract(BrokerFixture fixture) : LogContract, IClassFixture<BrokerFixture>
{
    private KafkaLog? _log;

    protected override Task<ILog> OpenAsync() => Task.FromResult<ILog>(_log = BrokerFixture.Open(fixture.Broker.Options()));

    protected override Task CloseAsync()
    {
        _log?.Dispose();
        return Task.CompletedTask;
    }
}
