using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace ClosedLoop.Streaming.Log;

/// <summary>Makes the topics that are missing and checks those that are there.</summary>
internal sealed class KafkaTopics(KafkaClients clients)
{
    private static readonly Topic[] _all = [Topic.Hits, Topic.Facts, Topic.Settings];

    private static readonly TimeSpan _lookAgain = TimeSpan.FromMilliseconds(100);

    private KafkaLogOptions Options => clients.Options;

    /// <summary>All that is wrong; empty when the topics are as the settings say.</summary>
    /// <exception cref="KafkaException">The broker doesn't answer.</exception>
    public List<string> Prepare(IAdminClient admin)
    {
        var found = Find(admin);
        var missing = Wanted().Where(w => !found.ContainsKey(w.Name)).ToList();
        if (missing.Count > 0 && !Options.CreateTopics)
            return [.. missing.Select(w => $"Topic {w.Name} is missing and Kafka:CreateTopics is off; make it with {w.NumPartitions} partitions, or switch Kafka:CreateTopics on.")];
        if (missing.Count > 0)
        {
            if (Create(admin, missing) is { } refusal) return [refusal];
            // Every broker hears of a new topic a moment later.
            var began = Stopwatch.GetTimestamp();
            for (found = Find(admin); missing.Exists(m => !found.ContainsKey(m.Name)) && Stopwatch.GetElapsedTime(began) < Options.ConnectTimeout; found = Find(admin))
                Thread.Sleep(_lookAgain);
        }
        return Check(found);
    }

    private List<string> Check(Dictionary<string, int> found)
    {
        var mistakes = new List<string>();
        foreach (var topic in _all)
        {
            var name = clients.TopicName(topic);
            if (!found.TryGetValue(name, out var partitions)) mistakes.Add($"Topic {name} was made, but the broker does not show it yet; start again.");
            else if (topic != Topic.Settings && partitions != Options.Partitions)
                mistakes.Add($"Topic {name} has {partitions} partitions and Kafka:Partitions says {Options.Partitions}; the number is fixed when the topic is made. Set Kafka:Partitions to {partitions}, or use another Kafka:Prefix.");
        }
        return mistakes;
    }

    private Dictionary<string, int> Find(IAdminClient admin) => admin.GetMetadata(Options.ConnectTimeout).Topics
        .Where(t => !t.Error.IsError).ToDictionary(t => t.Topic, t => t.Partitions.Count, StringComparer.Ordinal);

    // Another process may make them at the same moment; then they are there, and the check says whether they fit.
    private string? Create(IAdminClient admin, List<TopicSpecification> missing)
    {
        try
        {
            admin.CreateTopicsAsync(missing, new CreateTopicsOptions { OperationTimeout = Options.ConnectTimeout, RequestTimeout = Options.ConnectTimeout })
                .GetAwaiter().GetResult();
            return null;
        }
        catch (CreateTopicsException e)
        {
            var failed = e.Results.Where(r => r.Error.IsError && r.Error.Code != ErrorCode.TopicAlreadyExists).ToList();
            return failed.Count == 0 ? null : "Topics could not be made: " + string.Join("; ", failed.Select(f => $"{f.Topic}: {f.Error.Reason}")) + ".";
        }
        catch (KafkaException e)
        {
            return $"Topics could not be made: {e.Error.Reason}.";
        }
    }

    private IEnumerable<TopicSpecification> Wanted()
    {
        foreach (var topic in _all)
        {
            yield return Specify(clients.TopicName(topic), topic == Topic.Settings ? 1 : Options.Partitions, topic switch
            {
                Topic.Hits => Options.HitsAgeMax,
                Topic.Facts => Options.FactsAgeMax,
                _ => null,
            });
        }
        yield return Specify(clients.CertificateName, 1, null);
    }

    private TopicSpecification Specify(string name, int partitions, TimeSpan? ageMax)
    {
        var settings = new Dictionary<string, string>
        {
            ["cleanup.policy"] = "delete",
            ["retention.bytes"] = "-1",
            ["retention.ms"] = ageMax is { } age ? ((long)age.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) : "-1",
            ["max.message.bytes"] = (Options.RecordBytesMax + (64 * 1024)).ToString(CultureInfo.InvariantCulture),
        };
        if (Options.InSyncMin > 0) settings["min.insync.replicas"] = Options.InSyncMin.ToString(CultureInfo.InvariantCulture);
        return new TopicSpecification
        {
            Name = name, NumPartitions = partitions, ReplicationFactor = (short)(Options.Replication == 0 ? -1 : Options.Replication), Configs = settings,
        };
    }
}
