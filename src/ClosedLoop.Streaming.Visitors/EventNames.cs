namespace ClosedLoop.Streaming.Visitors;

/// <summary>The event names of CONTRACT.md §3 have fixed numbers, so that a state needs no text for them. Frozen on disk; append only.</summary>
public static class EventNames
{
    public const ushort PageView = 0, Click = 1, FormSubmit = 2, Identify = 3, AddToCart = 4, BeginCheckout = 5, Purchase = 6, Refund = 7,
        PaymentReceived = 8, VisitorsMerged = 9, VisitorsUnmerged = 10, StageChanged = 11, Contacted = 12, DealOpened = 13, DealMoved = 14,
        DealWon = 15, DealLost = 16, SatisfactionScored = 17, FeedbackGiven = 18, MessageSent = 19, MessageOpened = 20, MessageClicked = 21,
        MessageUnsubscribed = 22, PagePing = 23, Consent = 24;

    /// <summary>Numbers from here on index the state's own table of names.</summary>
    public const ushort FirstOwn = 64;

    private static readonly byte[][] Known =
    [
        .. new[]
        {
            "page_view", "click", "form_submit", "identify", "add_to_cart", "begin_checkout", "purchase", "refund", "payment_received",
            "visitors_merged", "visitors_unmerged", "stage_changed", "contacted", "deal_opened", "deal_moved", "deal_won", "deal_lost",
            "satisfaction_scored", "feedback_given", "message_sent", "message_opened", "message_clicked", "message_unsubscribed",
            "page_ping", "consent",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
    ];

    public static int KnownCount => Known.Length;

    /// <summary>The fixed number of a name, or −1.</summary>
    public static int NumberOf(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < Known.Length; i++)
            if (name.SequenceEqual(Known[i])) return i;
        return -1;
    }

    public static ReadOnlySpan<byte> TextOf(int number) => Known[number];

    /// <summary>Said by sales or by machines about a person: never part of a visit.</summary>
    public static bool IsAboutPerson(int number) =>
        number is Identify or Refund or PaymentReceived or (>= VisitorsMerged and <= MessageUnsubscribed) or Consent;

    public static bool IsKeyEvent(int number) => number is FormSubmit or AddToCart or BeginCheckout or Purchase or DealWon;
}
