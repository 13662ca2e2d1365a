namespace ClosedLoop.Streaming.House.Tests;

internal static class Rule
{
    /// <summary>Fails with every offender at once, so that one run shows all there is to do.</summary>
    public static void NoneOf(IEnumerable<string> offenders, string rule)
    {
        var found = offenders.ToList();
        Assert.True(found.Count == 0, $"{rule}\n  {string.Join("\n  ", found)}");
    }
}
