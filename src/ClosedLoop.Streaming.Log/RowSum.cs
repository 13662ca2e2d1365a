using System.Runtime.InteropServices;
using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Log;

/// <summary>A sum over the few numbers of a small row, so that a flipped bit in a position is noticed as it is in a chunk.</summary>
internal static class RowSum
{
    public static long Of(string name, params ReadOnlySpan<long> values) =>
        (long)XxHash.Hash64(MemoryMarshal.AsBytes(values), XxHash.Hash64(Encoding.UTF8.GetBytes(name)));
}
