namespace ClosedLoop.Streaming.Collector;

/// <summary>The fields of a form that mean something to us.</summary>
internal sealed record SentForm(string Form, LeadIdentity Lead, string? EventId)
{
    public const string DefaultForm = "contact";

    public static SentForm Read(FormFields fields, out Refusal refusal, out string detail)
    {
        (refusal, detail) = (Refusal.None, "");
        var form = fields["form"] ?? DefaultForm;
        var eventId = fields["event_id"];
        string? email = null, phone = null;
        if (!TextLimits.IsName(System.Text.Encoding.UTF8.GetBytes(form)))
            (refusal, detail) = (Refusal.BadForm, "The form's name has 1 to 64 characters.");
        else if (eventId is not null && !TextLimits.IsName(System.Text.Encoding.UTF8.GetBytes(eventId), TextLimits.EventIdMax))
            (refusal, detail) = (Refusal.BadEventId, "event_id has 1 to 64 characters and no control characters.");
        else if (fields["email"] is { } e && (email = LeadIdentity.NormaliseEmail(e)) is null)
            (refusal, detail) = (Refusal.BadEmail, "email is no e-mail address.");
        else if (fields["phone"] is { } p && (phone = LeadIdentity.NormalisePhone(p)) is null)
            (refusal, detail) = (Refusal.BadPhone, "phone is no phone number: 5 to 15 digits, with + before the country.");
        else if (email is null && phone is null)
            (refusal, detail) = (Refusal.LeadMissing, "The form needs an email or a phone.");
        return new SentForm(form, new LeadIdentity(email, phone, null), eventId);
    }
}
