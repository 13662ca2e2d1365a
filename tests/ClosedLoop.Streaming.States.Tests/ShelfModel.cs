using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.States.Tests;

/// <summary>The obvious shelf: a dictionary and a sorted set. What the real one must agree with.</summary>
internal sealed class ShelfModel
{
    public Dictionary<string, (byte[] State, uint Due)> States { get; } = [];
    private readonly SortedSet<(uint Due, string Key)> _sleeping = new(Comparer<(uint Due, string Key)>.Create(
        (a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : string.CompareOrdinal(a.Key, b.Key)));

    public void Put(string key, byte[] state, uint due)
    {
        Forget(key);
        States[key] = (state, due);
        if (due != 0) _sleeping.Add((due, key));
    }

    public bool Remove(string key)
    {
        Forget(key);
        return States.Remove(key);
    }

    public string? TakeDue(long now)
    {
        if (_sleeping.Count == 0 || _sleeping.Min.Due > now) return null;
        var (due, key) = _sleeping.Min;
        _sleeping.Remove((due, key));
        return key;
    }

    public long NextDue => _sleeping.Count == 0 ? long.MaxValue : _sleeping.Min.Due;

    private void Forget(string key)
    {
        if (States.TryGetValue(key, out var old)) _sleeping.Remove((old.Due, key));
    }

    public static byte[] Bytes(string key) => Encoding.Latin1.GetBytes(key);

    public static string Text(ReadOnlySpan<byte> key) => Encoding.Latin1.GetString(key);

    /// <summary>Bytes that tell which write they come from.</summary>
    public static byte[] State(int length, int seed)
    {
        var state = new byte[length];
        for (var i = 0; i < length; i++) state[i] = (byte)XxHash.Hash64([(byte)i, (byte)(i >> 8)], (ulong)seed);
        return state;
    }
}
