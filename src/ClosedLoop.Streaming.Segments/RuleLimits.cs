namespace ClosedLoop.Streaming.Segments;

/// <summary>Bounds of the language and of a set. A rule over one of them is refused with the position at which it went over.</summary>
public static class RuleLimits
{
    /// <summary>Characters (UTF-16) of one rule.</summary>
    public const int RuleCharsMax = 4096;
    /// <summary>Parentheses and <c>not</c> inside one another.</summary>
    public const int DepthMax = 32;
    /// <summary>Measures, literals and operators of one rule.</summary>
    public const int NodesMax = 256;
    /// <summary>Values of one <c>in (…)</c> list, and forms of one <c>days_since_form(…)</c>.</summary>
    public const int ListMax = 100;
    /// <summary>Digits of one number.</summary>
    public const int DigitsMax = 15;
    /// <summary>Shortest and longest window of <c>count</c>, in ms: one second and 366 days.</summary>
    public const long WindowMsMin = 1_000;
    public const long WindowMsMax = 366L * 86_400_000;
    /// <summary>Segments of one set.</summary>
    public const int SegmentsMax = 256;
    /// <summary>Characters of a segment's or group's name.</summary>
    public const int NameCharsMax = 64;
    /// <summary>Bytes of one action's JSON; a webhook's body stays under 20 KB with it.</summary>
    public const int ActionBytesMax = 8 * 1024;
    /// <summary>Bytes of a definition file.</summary>
    public const int FileBytesMax = 4 * 1024 * 1024;
}
