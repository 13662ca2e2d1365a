using System.Globalization;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>The header <c>Retry-After</c>: seconds or an HTTP date. Pure.</summary>
public static class RetryAfter
{
    /// <summary>Milliseconds from <paramref name="now"/>, between 0 and <paramref name="max"/>; 0 for nonsense and for the past.</summary>
    public static long Milliseconds(string? value, DateTimeOffset now, TimeSpan max)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > 64) return 0;
        var text = value.Trim();
        if (text.All(char.IsAsciiDigit))
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < max.TotalSeconds
                ? seconds * 1000 : (long)max.TotalMilliseconds;
        if (!DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return 0;
        return (long)Math.Clamp((at - now).TotalMilliseconds, 0, max.TotalMilliseconds);
    }
}
