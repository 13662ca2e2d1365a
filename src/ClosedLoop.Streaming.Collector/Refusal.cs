namespace ClosedLoop.Streaming.Collector;

/// <summary>Why a hit or a request is refused. The name on the wire and in the log is <see cref="Refusals.Name"/>.</summary>
public enum Refusal : byte
{
    None = 0,

    // The whole request
    NotJson, TooDeep, BodyTooLarge, BadForm, MediaType, KeyMissing, KeyUnknown, MethodNotAllowed, NotFound, Unavailable,
    UnknownLink, BadSignature, BadTarget,

    // One hit
    NotAnEvent, BadText, UnknownSite, SiteNotAllowed, BadEventName, NeedsKey, FieldMissing, PersonMissing, LeadMissing,
    BadEventId, BadVisitorId, BadTime, TimeAhead, BadUrl, BadMoney, BadCurrency, CurrencyWithoutRate, BadScore, BadStage,
    BadDirection, BadEmail, BadPhone, BadExternalId, BadTraits, BadProperties, BadItems, TooManyEvents, RecordTooLarge, MalformedLine, BadChoice, BadType, BadId,
}

/// <summary>The one table from reason to name and status.</summary>
public static class Refusals
{
    private static readonly (string Name, int Status)[] Table = Fill();

    /// <summary>Stable snake_case word, at most 24 characters.</summary>
    public static string Name(this Refusal refusal) => Table[(int)refusal].Name;

    /// <summary>Status of a request that is refused as a whole; 202 where a single event is refused beside others.</summary>
    public static int Status(this Refusal refusal) => Table[(int)refusal].Status;

    private static (string, int)[] Fill()
    {
        var table = new (string, int)[Enum.GetValues<Refusal>().Length];
        // A single hit that is refused does not fail its request: 202 at the events door, 200 and the GIF at the pixel.
        foreach (var refusal in Enum.GetValues<Refusal>()) table[(int)refusal] = (Snake(refusal.ToString()), 202);
        Set(Refusal.NotJson, 400);
        Set(Refusal.TooDeep, 400);
        Set(Refusal.BadForm, 400);
        Set(Refusal.BadChoice, 400);
        Set(Refusal.BadSignature, 400);
        Set(Refusal.BadTarget, 400);
        Set(Refusal.KeyMissing, 401);
        Set(Refusal.KeyUnknown, 401);
        Set(Refusal.NotFound, 404);
        Set(Refusal.UnknownLink, 404);
        Set(Refusal.MethodNotAllowed, 405);
        Set(Refusal.BodyTooLarge, 413);
        Set(Refusal.MediaType, 415);
        Set(Refusal.Unavailable, 503);
        return table;

        void Set(Refusal refusal, int status) => table[(int)refusal].Item2 = status;
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
