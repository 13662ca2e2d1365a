using System.Security.Cryptography;
using System.Text.Json;
using Confluent.Kafka;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// The log's birth certificate: the first record of a topic of its own. Whoever finds the topic empty writes one; of two that do so at the same
/// moment the first one counts, for both.
/// </summary>
internal sealed record KafkaCertificate(string Identity, int Partitions)
{
    /// <exception cref="KafkaException">The broker doesn't answer.</exception>
    /// <exception cref="InvalidDataException">What stands there is no certificate.</exception>
    public static KafkaCertificate ReadOrWrite(KafkaClients clients)
    {
        var at = new TopicPartition(clients.CertificateName, 0);
        var timeout = clients.Options.ConnectTimeout;
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(clients.Reading("start")).SetErrorHandler(KafkaClients.Ignore).SetLogHandler(KafkaClients.Ignore).Build();
        if (consumer.QueryWatermarkOffsets(at, timeout).High.Value == 0) Write(clients, at);
        consumer.Assign(new TopicPartitionOffset(at, consumer.QueryWatermarkOffsets(at, timeout).Low));
        var first = consumer.Consume(timeout) ?? throw new InvalidDataException($"{clients.CertificateName} can't be read");
        try
        {
            return JsonSerializer.Deserialize<KafkaCertificate>(first.Message.Value) is { Identity.Length: > 0 and <= 64 } certificate
                ? certificate
                : throw new InvalidDataException($"the first record of {clients.CertificateName} names no log");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"the first record of {clients.CertificateName} is something else", e);
        }
    }

    private static void Write(KafkaClients clients, TopicPartition at)
    {
        var certificate = new KafkaCertificate(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), clients.Options.Partitions);
        using var producer = clients.Producer(_ => { });
        producer.ProduceAsync(at, new Message<Null, byte[]> { Value = JsonSerializer.SerializeToUtf8Bytes(certificate) }).GetAwaiter().GetResult();
    }
}
