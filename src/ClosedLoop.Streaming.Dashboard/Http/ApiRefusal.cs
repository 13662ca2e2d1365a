namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Why a management request is refused. Status and code of each stand in <see cref="ApiRefusals"/> and nowhere else.</summary>
internal enum ApiRefusal
{
    BadJson, UnknownField, BadField, BadRule, BadUrl, KeyMissing, KeyUnknown, KeyForbidden, NoCookie,
    UnknownSite, UnknownLink, UnknownSegment, UnknownVisitor, UnknownLead, UnknownWebhook, Taken, TooLarge, LimitReached, Busy, Unavailable,
}

internal static class ApiRefusals
{
    public static int Status(this ApiRefusal refusal) => refusal switch
    {
        ApiRefusal.KeyMissing or ApiRefusal.KeyUnknown => 401,
        ApiRefusal.KeyForbidden => 403,
        ApiRefusal.NoCookie or ApiRefusal.UnknownSite or ApiRefusal.UnknownLink or ApiRefusal.UnknownSegment or ApiRefusal.UnknownVisitor
            or ApiRefusal.UnknownLead or ApiRefusal.UnknownWebhook => 404,
        ApiRefusal.Taken or ApiRefusal.LimitReached => 409,
        ApiRefusal.TooLarge => 413,
        ApiRefusal.Busy => 429,
        ApiRefusal.Unavailable => 503,
        _ => 400,
    };

    public static string Code(this ApiRefusal refusal) => refusal switch
    {
        ApiRefusal.BadJson => "bad_json",
        ApiRefusal.UnknownField => "unknown_field",
        ApiRefusal.BadField => "bad_field",
        ApiRefusal.BadRule => "bad_rule",
        ApiRefusal.BadUrl => "bad_url",
        ApiRefusal.KeyMissing => "key_missing",
        ApiRefusal.KeyUnknown => "key_unknown",
        ApiRefusal.KeyForbidden => "key_forbidden",
        ApiRefusal.NoCookie => "no_cookie",
        ApiRefusal.UnknownSite => "unknown_site",
        ApiRefusal.UnknownLink => "unknown_link",
        ApiRefusal.UnknownSegment => "unknown_segment",
        ApiRefusal.UnknownVisitor => "unknown_visitor",
        ApiRefusal.UnknownLead => "unknown_lead",
        ApiRefusal.UnknownWebhook => "unknown_webhook",
        ApiRefusal.Taken => "taken",
        ApiRefusal.TooLarge => "too_large",
        ApiRefusal.LimitReached => "limit_reached",
        ApiRefusal.Busy => "busy",
        _ => "unavailable",
    };
}

/// <summary>Leaves a route with a refusal; <see cref="ErrorFilter"/> answers it.</summary>
/// <param name="position">0-based character of a rule; null when it is not about one.</param>
internal sealed class ApiException(ApiRefusal refusal, string message, int? position = null) : Exception(message)
{
    public ApiRefusal Refusal { get; } = refusal;
    public int? Position { get; } = position;

    public static ApiException Field(string field, string allowed) => new(ApiRefusal.BadField, $"The field '{field}' {allowed}");
}
