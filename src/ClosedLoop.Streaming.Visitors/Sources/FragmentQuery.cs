namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>Parameters behind the number sign: of a client-side route (<c>#/page?a=b</c>) or alone (<c>#access_token=…</c>).</summary>
internal static class FragmentQuery
{
    /// <summary>Where the parameters begin; the fragment's length when it has none.</summary>
    public static int StartOf(ReadOnlySpan<byte> fragment)
    {
        var mark = fragment.IndexOf((byte)'?');
        if (mark >= 0) return mark + 1;
        return fragment.Contains((byte)'=') ? 0 : fragment.Length;
    }

    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> fragment) => fragment[StartOf(fragment)..];
}
