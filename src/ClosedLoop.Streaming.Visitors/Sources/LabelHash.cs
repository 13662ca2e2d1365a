using System.Buffers.Binary;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>
/// A hash of text without ASCII case that is made of the hashes of its parts between dots, joined from the right. So one pass over a host
/// gives the hashes of all domains that it lies below.
/// </summary>
internal static class LabelHash
{
    private const ulong Prime = 0x9E37_79B1_85EB_CA87;

    // Sets the bit in which capitals differ; other bytes change too, but always in the same way, which is all that a hash needs.
    private const ulong FoldMask = 0x2020_2020_2020_2020;

    public static uint Of(ReadOnlySpan<byte> text)
    {
        var joined = 0ul;
        for (var dot = text.LastIndexOf((byte)'.'); dot >= 0; dot = text.LastIndexOf((byte)'.'))
        {
            joined = Join(joined, Label(text[(dot + 1)..]));
            text = text[..dot];
        }
        return Final(Join(joined, Label(text)));
    }

    public static ulong Label(ReadOnlySpan<byte> label)
    {
        var hash = (ulong)label.Length * Prime;
        while (label.Length >= 8)
        {
            hash = Join(hash, BinaryPrimitives.ReadUInt64LittleEndian(label) | FoldMask);
            label = label[8..];
        }
        if (label.IsEmpty) return hash;
        var tail = label.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(label) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(label[^4..]) << 32)
            : label[0] | ((ulong)label[label.Length / 2] << 8) | ((ulong)label[^1] << 16);
        return Join(hash, tail | FoldMask);
    }

    public static ulong Join(ulong left, ulong right)
    {
        var mixed = (left ^ right) * Prime;
        return mixed ^ (mixed >> 29);
    }

    /// <summary>Never 0, which marks an empty slot.</summary>
    public static uint Final(ulong hash) => (uint)(hash ^ (hash >> 32)) | 0x8000_0000;
}
