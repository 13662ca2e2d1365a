using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.Log.Tests;

/// <summary>A start with something wrong says what, in one message, and leaves nothing half open.</summary>
public sealed class KafkaStartTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Fact]
    public void Nobody_at_the_address_is_said_with_the_address()
    {
        var options = new KafkaLogOptions { Brokers = "127.0.0.1:9", ConnectTimeout = TimeSpan.FromSeconds(1) };
        fixture.Broker.ToString();
        Assert.Contains("127.0.0.1:9", Assert.Single(KafkaOpening.Mistakes(options)), StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:9", Assert.Throws<InvalidOperationException>(() => BrokerFixture.Open(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_partitions_is_refused_for_each_topic()
    {
        var options = fixture.Broker.Options();
        Assert.Empty(KafkaOpening.Mistakes(options));
        options.Partitions = 8;
        var mistakes = KafkaOpening.Mistakes(options);
        Assert.Equal(2, mistakes.Count);
        Assert.All(mistakes, m => Assert.Contains("has 4 partitions and Kafka:Partitions says 8", m, StringComparison.Ordinal));
    }

    [Fact]
    public void Missing_topics_are_named_when_they_may_not_be_made()
    {
        var options = fixture.Broker.Options();
        (options.Prefix, options.CreateTopics) = (options.Prefix + ".missing", false);
        var mistakes = KafkaOpening.Mistakes(options);
        Assert.Equal(4, mistakes.Count);
        Assert.Contains(mistakes, m => m.Contains($"{options.Prefix}.facts is missing", StringComparison.Ordinal));
    }

    [Fact]
    public void A_log_is_the_same_one_at_every_start_and_no_other()
    {
        var options = fixture.Broker.Options();
        using var first = BrokerFixture.Open(options);
        using var again = BrokerFixture.Open(options);
        using var other = BrokerFixture.Open(fixture.Broker.Options());
        Assert.Equal(first.Identity, again.Identity);
        Assert.NotEqual(first.Identity, other.Identity);
    }

    [Fact]
    public async Task A_position_that_this_log_never_reached_is_refused()
    {
        using var log = BrokerFixture.Open(fixture.Broker.Options());
        await log.AppendAsync(Topic.Hits, 0, "x"u8);
        var refusal = await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.ReadAsync(Topic.Hits, 0, 1000, 1024, new CancellationTokenSource(60_000).Token));
        Assert.Equal(KafkaRefusals.BeyondEndReason, refusal.Reason);
    }

    [Theory]
    [InlineData("no port", "CLOSEDLOOP_KAFKA names 'no port'")]
    [InlineData("a:1,,b:2", "CLOSEDLOOP_KAFKA names ''")]
    [InlineData("", "CLOSEDLOOP_KAFKA names ''")]
    public void An_address_is_checked(string brokers, string expected) =>
        Assert.Contains(new KafkaLogOptions { Brokers = brokers }.Mistakes(), m => m.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void All_mistakes_come_at_once()
    {
        var options = new KafkaLogOptions { Brokers = "a:9092,[::1]:9092", Prefix = "a b", Partitions = 0, SessionTimeout = TimeSpan.FromSeconds(7), Compression = "rar", HitsAgeMax = TimeSpan.Zero };
        options.Security.Protocol = "sasl_tls";
        options.Security.CaFile = "/nowhere.pem";
        Assert.Equal(7, options.Mistakes().Count);
        Assert.Empty(new KafkaLogOptions { Brokers = "a:9092" }.Mistakes());
    }
}
