using Confluent.Kafka;

namespace ClosedLoop.Streaming.Log;

/// <summary>Makes the clients of one process, all with the same address, security and bounds.</summary>
internal sealed class KafkaClients
{
    /// <summary>Room for what a batch carries beside its records.</summary>
    private const int OverheadBytes = 64 * 1024;

    public KafkaClients(KafkaLogOptions options)
    {
        Options = options;
        KafkaLibrary.Load();
    }

    public KafkaLogOptions Options { get; }

    public string TopicName(Topic topic) => $"{Options.Prefix}.{topic switch { Topic.Hits => "hits", Topic.Facts => "facts", _ => "settings" }}";

    /// <summary>One partition, one record: which log this is, and how many partitions it was made with.</summary>
    public string CertificateName => $"{Options.Prefix}.log";

    public IAdminClient Admin(Action<Error> failed) =>
        new AdminClientBuilder(With(new AdminClientConfig())).SetErrorHandler((_, error) => failed(error)).SetLogHandler(Ignore).Build();

    public IProducer<Null, byte[]> Producer(Action<Error> failed) => new ProducerBuilder<Null, byte[]>(With(new ProducerConfig
    {
        EnableIdempotence = true,
        Acks = Acks.All,
        LingerMs = Options.Linger.TotalMilliseconds,
        BatchSize = Options.BatchBytesMax,
        MessageMaxBytes = Options.RecordBytesMax + OverheadBytes,
        MessageTimeoutMs = (int)Options.AppendTimeout.TotalMilliseconds,
        CompressionType = Enum.Parse<CompressionType>(Options.Compression, ignoreCase: true),
        // Our own count says no first.
        QueueBufferingMaxMessages = 2_000_000,
        QueueBufferingMaxKbytes = (int)Math.Min(int.MaxValue, (Options.QueueBytesMax * 2) >> 10),
        DeliveryReportFields = "status",
    })).SetErrorHandler((_, error) => failed(error)).SetLogHandler(Ignore).Build();

    /// <summary>For reading what is assigned by hand, for questions about offsets, and for the positions of a reader; it never joins a group.</summary>
    public ConsumerConfig Reading(string group) => With(new ConsumerConfig
    {
        GroupId = $"{Options.Prefix}.{group}",
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AllowAutoCreateTopics = false,
        AutoOffsetReset = AutoOffsetReset.Error,
        EnablePartitionEof = false,
        FetchWaitMaxMs = 500,
        MaxPartitionFetchBytes = Options.RecordBytesMax + OverheadBytes,
        FetchMaxBytes = Math.Max(16 << 20, Options.RecordBytesMax + OverheadBytes),
        MessageMaxBytes = Options.RecordBytesMax + OverheadBytes,
        ReceiveMessageMaxBytes = Math.Max(100_000_000, Options.RecordBytesMax + (2 * OverheadBytes)),
        QueuedMaxMessagesKbytes = 16 << 10,
        ConsumeResultFields = "topic",
    });

    /// <summary>A member of the group that shares the partitions of hits.</summary>
    public ConsumerConfig Member(string group)
    {
        var config = Reading(group);
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        config.SessionTimeoutMs = (int)Options.SessionTimeout.TotalMilliseconds;
        config.HeartbeatIntervalMs = Math.Max(1000, (int)Options.SessionTimeout.TotalMilliseconds / 5);
        config.MaxPollIntervalMs = Math.Max(300_000, (int)Options.SessionTimeout.TotalMilliseconds);
        config.AutoOffsetReset = AutoOffsetReset.Latest;
        return config;
    }

    public static void Ignore<T>(T client, Error error) { }

    public static void Ignore<T>(T client, LogMessage message) { }

    private TConfig With<TConfig>(TConfig config) where TConfig : ClientConfig
    {
        var security = Options.Security;
        config.BootstrapServers = Options.Brokers;
        config.ClientId = Options.Prefix;
        config.SocketKeepaliveEnable = true;
        config.SocketNagleDisable = true;
        config.ReconnectBackoffMs = 100;
        config.ReconnectBackoffMaxMs = 2000;
        config.SecurityProtocol = (security.IsSasl, security.IsTls) switch
        {
            (true, true) => SecurityProtocol.SaslSsl,
            (true, false) => SecurityProtocol.SaslPlaintext,
            (false, true) => SecurityProtocol.Ssl,
            _ => SecurityProtocol.Plaintext,
        };
        if (security.IsSasl)
        {
            config.SaslMechanism = security.Mechanism switch
            {
                "plain" => SaslMechanism.Plain,
                "scram-sha-256" => SaslMechanism.ScramSha256,
                _ => SaslMechanism.ScramSha512,
            };
            (config.SaslUsername, config.SaslPassword) = (security.User, security.Password);
        }
        if (!string.IsNullOrEmpty(security.CaFile)) config.SslCaLocation = security.CaFile;
        if (!string.IsNullOrEmpty(security.CertificateFile)) (config.SslCertificateLocation, config.SslKeyLocation) = (security.CertificateFile, security.KeyFile);
        if (!string.IsNullOrEmpty(security.KeyPassword)) config.SslKeyPassword = security.KeyPassword;
        return config;
    }
}
