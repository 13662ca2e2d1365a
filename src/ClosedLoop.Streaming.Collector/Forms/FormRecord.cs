using System.Collections.Frozen;
using System.Text;

namespace ClosedLoop.Streaming.Collector;

/// <summary>A sent form as a record: event <c>form_submit</c>.</summary>
internal static class FormRecord
{
    private static readonly FrozenSet<string> Understood =
        new[] { "form", "email", "phone", "return", "event_id", "heard_from" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Fields that describe the person rather than the message, by the names that forms use.</summary>
    private static readonly FrozenDictionary<string, string> TraitNames = new Dictionary<string, string>
    {
        ["name"] = "name", ["full_name"] = "name", ["fullname"] = "name", ["first_name"] = "first_name", ["firstname"] = "first_name",
        ["last_name"] = "last_name", ["lastname"] = "last_name", ["company"] = "company", ["organisation"] = "company",
        ["organization"] = "company", ["city"] = "city", ["country"] = "country", ["region"] = "region", ["job_title"] = "job_title",
        ["position"] = "job_title", ["kind"] = "kind", ["language"] = "language", ["industry"] = "industry", ["company_size"] = "company_size",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <returns>The actor's key.</returns>
    public static byte[] Write(HitScratch scratch, DoorParts parts, DoorSite site, FormFields fields, SentForm sent, in Caller caller,
        Permission permission, Id visitor, Id id, long nowMs)
    {
        var identifiers = sent.Lead.Protect(parts.Keyring, site.Site.Id);
        var key = Key(permission.Tracks, visitor, identifiers);
        var flags = !permission.Tracks ? EventFlags.ActOnly : caller.HasCookie ? EventFlags.None : EventFlags.NewCookie;
        var record = scratch.Record.Begin(RecordKind.Event, nowMs, id, site.IdBytes, key)
            .Add(Field.Name, "form_submit"u8).Add(Field.Door, "form"u8).Add(Field.Form, sent.Form).Add(Field.EventId, sent.EventId);
        identifiers.Write(record);
        // "How did you hear about us" is a source like any other, with its own evidence.
        HitFields.Text(record, Field.HeardFrom, fields["heard_from"]?.Trim(), TextLimits.ShortBytesMax, ref flags);
        if ((fields["code"] ?? fields["coupon"]) is { } code) site.Codes.Write(record, Encoding.UTF8.GetBytes(code));
        if (permission.Tracks)
        {
            record.Add(Field.VisitorId, key.AsSpan(1));
            if (!string.IsNullOrEmpty(caller.Referer))
                PageFields.WritePage(record, Encoding.UTF8.GetBytes(caller.Referer), site, campaign: true, ref flags);
            parts.Fields.WriteCaller(record, in caller, permission.Given, ref flags);
        }
        else
        {
            parts.Fields.WriteClassOnly(record, caller.UserAgent);
        }
        // Whoever fills the field that people can't see is no person. The last value of a field counts.
        if (parts.Options.HoneypotField is { } honeypot && fields[honeypot] is not null) record.Add(Field.BotClass, "honeypot"u8);
        WriteJson(scratch, record, Field.Traits, parts, site, fields, traits: true);
        WriteJson(scratch, record, Field.Properties, parts, site, fields, traits: false);
        if (flags != EventFlags.None) record.Add(Field.Flags, (long)flags);
        return key;
    }

    private static byte[] Key(bool tracks, Id visitor, in Identifiers identifiers)
    {
        if (!tracks) return Encoding.UTF8.GetBytes("i" + identifiers.First);
        var key = new byte[HitFields.VisitorKeyBytes];
        HitFields.VisitorKey(visitor, key);
        return key;
    }

    private static void WriteJson(HitScratch scratch, RecordWriter record, Field field, DoorParts parts, DoorSite site, FormFields fields, bool traits)
    {
        var json = scratch.BeginJson();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0;
        var cut = false;
        json.WriteStartObject();
        foreach (var (name, value) in fields.All)
        {
            if (name.Length is 0 or > TextLimits.NameMax || Understood.Contains(name) || name.Equals(parts.Options.HoneypotField, StringComparison.OrdinalIgnoreCase)) continue;
            var trait = TraitNames.GetValueOrDefault(name);
            if (traits ? trait is null : trait is not null || site.Redacts(Encoding.UTF8.GetBytes(name))) continue;
            var text = TextLimits.Cut(value.AsSpan().Trim(), traits ? 256 : TextLimits.TextBytesMax, ref cut);
            bytes += name.Length + 4 * text.Length;
            if (bytes > TextLimits.PropertiesBytesMax) break;
            if (names.Add(trait ?? name)) json.WriteString(trait ?? name, text);
        }
        json.WriteEndObject();
        if (names.Count > 0) record.Add(field, scratch.JsonBytes);
    }
}
