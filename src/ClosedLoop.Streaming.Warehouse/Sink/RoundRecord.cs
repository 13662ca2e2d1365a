using System.Globalization;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Warehouse.Sink;

/// <summary>Offsets of one partition: from the first up to, not including, <paramref name="To"/>. Equal when the round has nothing of it.</summary>
internal readonly record struct PartitionRange(long From, long To);

/// <summary>
/// The boundaries of one round: which facts it takes of every partition, and what their bytes hash to. Together with the epoch they give
/// the token of each of its batches, so that a batch sent again is known to be the same one.
/// </summary>
/// <param name="Epoch">Drawn when the embedded file is made: another file beside the same warehouse has other tokens.</param>
/// <param name="Number">Counts rounds.</param>
/// <param name="Ranges">By partition.</param>
/// <param name="Content">Hash of the facts. After a power loss at durability <c>pagecache</c> the same offsets can hold other facts.</param>
internal sealed record RoundRecord(long Epoch, long Number, IReadOnlyList<PartitionRange> Ranges, ulong Content)
{
    /// <summary>Token of the batch of a table and month.</summary>
    public string Token(string table, int month)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Epoch}/facts/{Key}/{Content:x16}/{table}/{month}");
        return Id.OfBytes(System.Text.Encoding.UTF8.GetBytes(text)).ToString();
    }

    /// <summary>What rows carry to say which batch brought them.</summary>
    public static ulong BatchOf(string token) => XxHash.Hash64(System.Text.Encoding.UTF8.GetBytes(token));

    /// <summary>"0:120-480,1:7-7", as it stands in the book.</summary>
    public string Key => string.Join(',', Ranges.Select((range, partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{partition}:{range.From}-{range.To}")));

    public static IReadOnlyList<PartitionRange> RangesOf(string key) =>
        [.. key.Split(',').Select(part => part[(part.IndexOf(':') + 1)..].Split('-')).Select(ends => new PartitionRange(
            long.Parse(ends[0], CultureInfo.InvariantCulture), long.Parse(ends[1], CultureInfo.InvariantCulture)))];
}
