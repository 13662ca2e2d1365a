using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Streaming.Host.Verbs.Imports;

/// <summary>Names a line by its text and by how often that very text came before it: equal lines are several hits, and a file twice is one.</summary>
internal sealed class LineIds(string prefix)
{
    // Distinct lines remembered while a file is read: about 32 bytes each.
    private const int LinesMax = 50_000_000;
    private readonly Dictionary<UInt128, int> _seen = [];

    /// <summary>At most 64 characters.</summary>
    public string Of(string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        var key = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
        if (_seen.Count == LinesMax) throw new VerbException($"The file has more than {LinesMax:#,0} different lines; split it.");
        var ordinal = _seen[key] = _seen.GetValueOrDefault(key) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Convert.ToHexStringLower(hash.AsSpan(0, 20))}-{ordinal}");
    }
}
