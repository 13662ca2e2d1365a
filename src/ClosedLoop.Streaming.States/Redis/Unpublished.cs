using System.Buffers.Binary;
using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// Records that are saved and go to the log next, as one element of the list in Redis: topic (1 byte), partition (4), mark (8), count (4), then
/// the framed records. The mark is an offset of that partition before which none of them can be, so that after a crash the log can be looked
/// through for those that are there already.
/// </summary>
internal sealed record Unpublished(Topic Topic, int Partition, long Mark, int Count, ReadOnlyMemory<byte> Bytes)
{
    private const int HeaderBytes = 17;

    public byte[] Write()
    {
        var element = new byte[HeaderBytes + Bytes.Length];
        element[0] = (byte)Topic;
        BinaryPrimitives.WriteInt32LittleEndian(element.AsSpan(1), Partition);
        BinaryPrimitives.WriteInt64LittleEndian(element.AsSpan(5), Mark);
        BinaryPrimitives.WriteInt32LittleEndian(element.AsSpan(13), Count);
        Bytes.Span.CopyTo(element.AsSpan(HeaderBytes));
        return element;
    }

    /// <exception cref="InvalidDataException">Not what <see cref="Write"/> wrote.</exception>
    public static Unpublished Read(byte[] element)
    {
        if (element.Length < HeaderBytes || element[0] > (byte)Topic.Facts) throw new InvalidDataException("an element of the unpublished list is damaged");
        return new Unpublished((Topic)element[0], BinaryPrimitives.ReadInt32LittleEndian(element.AsSpan(1)), BinaryPrimitives.ReadInt64LittleEndian(element.AsSpan(5)),
            BinaryPrimitives.ReadInt32LittleEndian(element.AsSpan(13)), element.AsMemory(HeaderBytes));
    }

    /// <summary>All that an entry publishes, copied, in elements of about so many bytes (always at least one record each).</summary>
    public static List<Unpublished> Of(JournalEntry entry, int bytesMax)
    {
        var all = new List<Unpublished>();
        if (entry.FactCount > 0) Split(Topic.Facts, entry.Partition, entry.FactCount, entry.Facts.ToArray());
        foreach (var messages in entry.Messages)
            if (messages.Count > 0) Split(Topic.Hits, messages.Partition, messages.Count, messages.Bytes.ToArray());
        return all;

        void Split(Topic topic, int partition, int count, ReadOnlyMemory<byte> bytes)
        {
            while (count > 0)
            {
                var (end, taken) = (0, 0);
                foreach (var record in new LogSlice(0, count, bytes))
                {
                    if (taken > 0 && end + 4 + record.Length > bytesMax) break;
                    (end, taken) = (end + 4 + record.Length, taken + 1);
                }
                if (taken == 0) throw new ArgumentException("The entry holds fewer records than it says.", nameof(entry));
                all.Add(new Unpublished(topic, partition, -1, taken, bytes[..end]));
                (bytes, count) = (bytes[end..], count - taken);
            }
        }
    }
}
