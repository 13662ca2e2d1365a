namespace ClosedLoop.Streaming.Visitors;

/// <summary>A text inside the arena of a <see cref="History"/>. Length 0 is absent.</summary>
public readonly record struct TextRef(int Offset, int Length)
{
    public bool IsEmpty => Length == 0;
}

[Flags]
public enum MemoFlags : byte
{
    None = 0,
    /// <summary>Counts for sessions: something that a browser did.</summary>
    Visit = 1,
    /// <summary>Brought a campaign, so it may cut a session.</summary>
    Campaign = 2,
    /// <summary>Came back from a payment provider: starts no session.</summary>
    Payment = 4,
    PageView = 8,
    /// <summary>A form, an order, a cart: makes a session engaged.</summary>
    KeyEvent = 16,
}

/// <summary>Where a visit came from, resolved (FIELD.md §5, §6).</summary>
public record struct SourceEntry(
    TextRef Channel, TextRef Source, TextRef Medium, TextRef Campaign, TextRef Term, TextRef Content,
    TextRef ClickId, TextRef Network, TextRef RefrMedium, TextRef RefrSource);

/// <summary>A source that a person named, or a sales contact with a campaign. Evidence: 1 reported, 2 sales.</summary>
public record struct SaidSource(long At, ulong Key, short Source, byte Evidence);

public record struct NamedMoment(TextRef Name, long At);

public record struct NamedCount(TextRef Name, long Count, long LastAt);

public record struct TraitValue(TextRef Name, TextRef Value, long At, ulong Key);

/// <summary>
/// Money in 1/10,000. <see cref="Day"/> is the day number in the site's zone. An order may first be known by its refund.
/// <see cref="ProfitBack"/> is what refunds took from the profit: all that was given back, unless the refund says that goods came back too.
/// </summary>
public record struct Order(
    ulong Key, TextRef OrderId, long At, ulong AtKey, long Revenue, long Profit, long Discount, long Refunded, long ProfitBack, int Day, OrderFlags Flags)
{
    /// <summary>What was paid and not given back; never below 0, as in the ledger.</summary>
    public readonly long Net => Math.Max(0, Revenue - Refunded);

    /// <summary>The profit that refunds left; what is given back beyond the order's revenue counts for nothing.</summary>
    public readonly long NetProfit => Refunds.ProfitLeft(Revenue, Profit, Refunded, ProfitBack);

    public readonly bool Bought => (Flags & OrderFlags.Bought) != 0 && (Flags & OrderFlags.Untrusted) == 0;
}

/// <summary>What refunds leave of a profit.</summary>
internal static class Refunds
{
    public static long ProfitLeft(long revenue, long profit, long refunded, long profitBack) =>
        refunded == 0 ? profit : Math.Min(profit, profit - profitBack + Math.Max(0, refunded - revenue));
}

[Flags]
public enum OrderFlags : byte
{
    None = 0,
    Bought = 1,
    ProfitKnown = 2,
    /// <summary>Money without a key on a site that doesn't trust it: stored, never judged or credited.</summary>
    Untrusted = 4,
}

public enum DealState : byte { Open = 0, Won = 1, Lost = 2 }

[Flags]
public enum DealFlags : byte
{
    None = 0,
    AmountKnown = 1,
    ProfitKnown = 2,
}

/// <summary>
/// One word of sales about a deal; what was said last by (time, id) stands. A deal that <see cref="Person.AllDeals"/> gives is all its words
/// in one: since when it stands so, and what refunds took from it. <see cref="OrderKey"/>: of the order that it became, 0 none.
/// </summary>
public record struct Deal(
    ulong Key, TextRef DealId, TextRef Step, TextRef Reason, long At, ulong AtKey, DealState State, long Amount, long Profit, int Day,
    DealFlags Flags, ulong OrderKey, long Refunded = 0, long ProfitBack = 0)
{
    /// <summary>What it is worth after refunds; never below 0.</summary>
    public readonly long Net => Math.Max(0, Amount - Refunded);

    public readonly long NetProfit => Refunds.ProfitLeft(Amount, Profit, Refunded, ProfitBack);

    public readonly bool ProfitKnown => (Flags & DealFlags.ProfitKnown) != 0;
}

/// <summary>
/// A step of the lifecycle. Implicit ones (a form, an order, a site's rule) only go forward; explicit ones, a person's decision, go back with a
/// reason, and rules don't move whom a person has decided about.
/// </summary>
public record struct StageStep(long At, ulong Key, Stage Stage, bool Explicit, bool Back, bool ByRule = false);

/// <summary>
/// Lifecycle of FIELD.md §9. Repeat: bought on a second day. Lost: the last open deal was lost before anything was bought, or sales said so;
/// who is lost comes back by a deal, a purchase, or a word of sales. Frozen on disk.
/// </summary>
public enum Stage : byte { Visitor = 0, Lead = 1, Mql = 2, Sql = 3, Customer = 4, Repeat = 5, Lost = 6 }

/// <summary>An event id remembered against repetition until that moment (unix ms, collector's clock).</summary>
public record struct KnownId(ulong Key, long UntilMs);

/// <summary>A value of which the last by (time, key) stands.</summary>
public record struct LastText(TextRef Text, long At, ulong Key);
