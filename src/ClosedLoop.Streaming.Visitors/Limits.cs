namespace ClosedLoop.Streaming.Visitors;

/// <summary>The caps of one person's memory. A state that meets one is marked <see cref="History.Capped"/> and goes on with the newest.</summary>
public static class Limits
{
    /// <summary>Hits kept singly, so that late ones find their place.</summary>
    public const int RecentHitsMax = 256;
    /// <summary>A hit older than this behind the newest is folded into its session (DESIGN.md §4).</summary>
    public const long LateMsMax = 72L * 3600 * 1000;
    /// <summary>Silence that ends a session (FIELD.md §7); changing it rewrites every report.</summary>
    public const long SessionGapMs = 30L * 60 * 1000;
    /// <summary>How long after the last hit the return from a payment provider still belongs to the session.</summary>
    public const long PaymentReturnMsMax = 24L * 3600 * 1000;
    /// <summary>A session longer than this is engaged (FIELD.md §7).</summary>
    public const long EngagedMs = 10_000;
    public const int SessionsMax = 64;
    /// <summary>Touches of sessions that the list had no room for; of more the oldest are given up, never the person's first.</summary>
    public const int OldTouchesMax = 1_000;
    public const int JourneyStepsMax = 20;
    public const int PagesMax = 128;
    public const int PageBytesMax = 512;
    public const int NamesMax = 64;
    public const int NameBytesMax = 64;
    public const int SourcesMax = 96;
    public const int TextBytesMax = 200;
    /// <summary>Single moments of events older than the recent ones, for <c>count(…)</c>.</summary>
    public const int OldMomentsMax = 512;
    /// <summary>The longest window of <c>count(…)</c>; older moments are forgotten.</summary>
    public const long WindowMsMax = 366L * 86_400_000;
    public const int OrdersMax = 500;
    /// <summary>Words about all deals of a person, after those that later ones made idle are gone.</summary>
    public const int DealWordsMax = 200;
    public const int StageStepsMax = 64;
    public const int FormsMax = 32;
    public const int TraitsMax = 50;
    public const int CategoriesMax = 32;
    public const int ContactChannelsMax = 16;
    public const int SaidSourcesMax = 32;
    /// <summary>Event ids remembered against repetition: for a time, and for ever (imports).</summary>
    public const int KnownIdsMax = 1_024;
    public const int KnownForEverMax = 16_384;
    /// <summary>How long the same event id is a duplicate (CONTRACT.md §3).</summary>
    public const long KnownMs = 7L * 86_400_000;
}
