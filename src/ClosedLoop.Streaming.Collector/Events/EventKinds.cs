using System.Collections.Frozen;
using System.Text;

namespace ClosedLoop.Streaming.Collector;

/// <summary>What an event of a name can't do without (the table of CONTRACT.md §3).</summary>
[Flags]
internal enum Needs
{
    None = 0,
    Url = 1, Lead = 2, Form = 4, OrderId = 8, Revenue = 16, Currency = 32, Amount = 64, Stage = 128, Channel = 256, Direction = 512,
    DealId = 1024, DealStage = 2048, Reason = 4096, Score = 8192, Question = 16384, Answer = 32768, Campaign = 65536, TwoVisitors = 131072,
    /// <summary>A deal's id does as well as an order's.</summary>
    DealToo = 262144,
}

/// <param name="Public">May come without a key: it says what the sender's own browser did, not what sales or the shop know.</param>
internal sealed record EventKind(string Name, Needs Needs, bool Public)
{
    /// <summary>None of the names of the contract.</summary>
    public bool IsCustom => Name.Length == 0;
}

internal static class EventKinds
{
    public const string PageView = "page_view", Click = "click", FormSubmit = "form_submit", Purchase = "purchase";

    private static readonly FrozenDictionary<string, EventKind> ByName = new EventKind[]
    {
        new(PageView, Needs.Url, true),
        new(Click, Needs.None, true),
        new(FormSubmit, Needs.Lead | Needs.Form, false),
        new("identify", Needs.Lead, false),
        new("add_to_cart", Needs.None, true),
        new("begin_checkout", Needs.None, true),
        new(Purchase, Needs.OrderId | Needs.Revenue | Needs.Currency, true),
        new("refund", Needs.OrderId | Needs.Revenue | Needs.DealToo, false),
        new("payment_received", Needs.OrderId | Needs.Amount | Needs.DealToo, false),
        new("visitors_merged", Needs.TwoVisitors | Needs.Reason, false),
        new("visitors_unmerged", Needs.TwoVisitors | Needs.Reason, false),
        new("stage_changed", Needs.Lead | Needs.Stage, false),
        new("contacted", Needs.Lead | Needs.Channel | Needs.Direction, false),
        new("deal_opened", Needs.Lead | Needs.DealId | Needs.DealStage | Needs.Amount | Needs.Currency, false),
        new("deal_moved", Needs.Lead | Needs.DealId | Needs.DealStage | Needs.Amount | Needs.Currency, false),
        new("deal_won", Needs.DealId | Needs.Revenue | Needs.Currency, false),
        new("deal_lost", Needs.DealId | Needs.Reason, false),
        new("satisfaction_scored", Needs.Lead | Needs.Score, false),
        new("feedback_given", Needs.Lead | Needs.Question | Needs.Answer, false),
        new("message_sent", Needs.Lead | Needs.Channel | Needs.Campaign, false),
        new("message_opened", Needs.Lead | Needs.Channel | Needs.Campaign, false),
        new("message_clicked", Needs.Lead | Needs.Channel | Needs.Campaign, false),
        new("message_unsubscribed", Needs.Lead | Needs.Channel | Needs.Campaign, false),
    }.ToFrozenDictionary(k => k.Name, StringComparer.Ordinal);

    /// <summary>Any other name that is a name: needs nothing, anybody may say it.</summary>
    private static readonly EventKind Custom = new("", Needs.None, true);

    /// <summary>Null when the text is no event name.</summary>
    public static EventKind? Find(ReadOnlySpan<byte> name)
    {
        if (!TextLimits.IsName(name)) return null;
        Span<char> text = stackalloc char[256];
        var length = Encoding.UTF8.GetChars(name, text);
        return ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out var kind) ? kind : Custom;
    }

    /// <summary>The names of what is needed and missing, in words of the contract.</summary>
    public static string Words(Needs missing) => string.Join(", ", Enum.GetValues<Needs>().Where(n => n != Needs.None && missing.HasFlag(n)).Select(n => n switch
    {
        Needs.OrderId => "order_id",
        Needs.DealId => "deal_id",
        Needs.DealStage => "deal_stage",
        Needs.TwoVisitors => "visitor_id and other_visitor_id",
        _ => n.ToString().ToLowerInvariant(),
    }));
}
