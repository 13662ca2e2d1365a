using Confluent.Kafka;

namespace ClosedLoop.Streaming.Log;

/// <summary>The start: reach the broker, make or check the topics, find out which log it is. Bounded by <see cref="KafkaLogOptions.ConnectTimeout"/> per question.</summary>
public static class KafkaOpening
{
    /// <summary>Finds the native library before anything else of the package is used.</summary>
    /// <exception cref="InvalidOperationException">It is not on this machine; the message says what to install.</exception>
    public static void LoadLibrary() => KafkaLibrary.Load();

    /// <summary>All that would keep this process from working with that broker, in sentences; empty when nothing does. Makes missing topics.</summary>
    public static IReadOnlyList<string> Mistakes(KafkaLogOptions options)
    {
        if (options.Mistakes() is { Count: > 0 } mistakes) return mistakes;
        try { return Open(options, out _, out _); }
        catch (InvalidOperationException e) { return [e.Message]; }
    }

    /// <exception cref="InvalidOperationException">The native library is missing.</exception>
    internal static List<string> Open(KafkaLogOptions options, out KafkaClients clients, out string identity)
    {
        clients = new KafkaClients(options);
        identity = "";
        var reason = "";
        // What a broker says to a wrong password comes as an event, and the question itself only times out.
        using var admin = clients.Admin(error => reason = Graver(reason, error));
        try
        {
            var mistakes = new KafkaTopics(clients).Prepare(admin);
            if (mistakes.Count > 0) return mistakes;
            var certificate = KafkaCertificate.ReadOrWrite(clients);
            identity = certificate.Identity;
            return certificate.Partitions == options.Partitions
                ? []
                : [$"The log {options.Prefix} was made with {certificate.Partitions} partitions and Kafka:Partitions says {options.Partitions}; more partitions would send people to other owners. Set Kafka:Partitions to {certificate.Partitions}, or use another Kafka:Prefix."];
        }
        catch (KafkaException e)
        {
            var why = reason.Length > 0 ? reason : e.Error.Reason;
            return [$"No broker of CLOSEDLOOP_KAFKA={options.Brokers} could be asked within {options.ConnectTimeout.TotalSeconds:0} s: {why}. Check the address, Kafka:Security and that the broker runs."];
        }
        catch (InvalidDataException e)
        {
            return [$"{e.Message}; this prefix belongs to another program. Use another Kafka:Prefix."];
        }
    }

    private static string Graver(string before, Error error) =>
        error.Code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Ssl || before.Length == 0 ? error.Reason : before;
}
