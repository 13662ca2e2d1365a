using System.Buffers;
using System.Net;
using System.Text;

namespace ClosedLoop.Streaming.Collector;

/// <summary>Turns a judged event of <c>/v1/events</c> into its record.</summary>
internal sealed class EventRecord(DoorParts parts)
{
    private static readonly (EventMember Member, Field Field, int BytesMax)[] Texts =
    [
        (EventMember.OrderId, Field.OrderId, TextLimits.OrderIdBytesMax), (EventMember.DealId, Field.DealId, TextLimits.OrderIdBytesMax),
        (EventMember.DealStage, Field.DealStage, TextLimits.ShortBytesMax), (EventMember.Coupon, Field.Coupon, TextLimits.ShortBytesMax),
        (EventMember.Reason, Field.Reason, TextLimits.TextBytesMax), (EventMember.HeardFrom, Field.HeardFrom, TextLimits.ShortBytesMax),
        (EventMember.Form, Field.Form, TextLimits.ShortBytesMax), (EventMember.Question, Field.Question, TextLimits.TextBytesMax),
        (EventMember.Answer, Field.Answer, TextLimits.TextBytesMax), (EventMember.Title, Field.PageTitle, TextLimits.TitleBytesMax),
        (EventMember.Language, Field.Language, TextLimits.ShortBytesMax), (EventMember.Timezone, Field.Timezone, TextLimits.ShortBytesMax),
    ];

    /// <returns>The actor's key.</returns>
    public byte[] Write(RecordWriter record, EventDraft draft, ReadOnlySpan<byte> body, in JudgedEvent judged, bool imported, Id id, long nowMs)
    {
        var identifiers = judged.Lead.Protect(parts.Keyring, judged.Site.Site.Id);
        var key = Key(draft, identifiers);
        var flags = imported ? EventFlags.Verified | EventFlags.Imported : EventFlags.Verified;
        record.Begin(RecordKind.Event, nowMs, id, judged.Site.IdBytes, key)
            .Add(Field.Name, draft.Text(EventMember.Event)).Add(Field.Door, imported ? "import"u8 : "events"u8)
            .Add(Field.EventId, draft.Text(EventMember.EventId))
            .Add(Field.VisitorId, draft.Text(EventMember.VisitorId)).Add(Field.OtherVisitorId, draft.Text(EventMember.OtherVisitorId));
        if (judged.OccurredMs != nowMs) record.Add(Field.OccurredMs, judged.OccurredMs);
        identifiers.Write(record);
        if (identifiers.First is null && key[0] == 'i') record.Add(Field.Identifier, key.AsSpan(1));
        if (draft.Has(EventMember.Traits)) record.Add(Field.Traits, At(body, draft.Raw(EventMember.Traits)));
        WritePage(record, draft, judged.Site, ref flags);
        foreach (var (member, field, bytesMax) in Texts) HitFields.Text(record, field, draft.Text(member), bytesMax, ref flags);
        parts.Fields.WriteUserId(record, draft.Text(EventMember.UserId), judged.Site, ref flags);
        WriteRelation(record, draft, in judged);
        judged.Site.Codes.Write(record, draft.Text(EventMember.Coupon));
        if (judged.HasMoney) EventMoney.Write(record, draft, judged.Site, judged.Exchange);
        WriteCategory(record, draft, ref flags);
        WriteProperties(record, draft, body, ref flags);
        record.Add(Field.Flags, (long)flags);
        return key;
    }

    /// <summary>The visitor before the lead. An order or a deal that names nobody goes to an actor of its own name, where its refund will go too.</summary>
    private static byte[] Key(EventDraft draft, in Identifiers identifiers)
    {
        if (draft.Has(EventMember.VisitorId)) return [(byte)'v', .. draft.Text(EventMember.VisitorId)];
        if (identifiers.First is { } first) return Encoding.UTF8.GetBytes("i" + first);
        var cut = false;
        return draft.Has(EventMember.OrderId)
            ? [.. "io:"u8, .. TextLimits.Cut(draft.Text(EventMember.OrderId), TextLimits.OrderIdBytesMax, ref cut)]
            : [.. "id:"u8, .. TextLimits.Cut(draft.Text(EventMember.DealId), TextLimits.OrderIdBytesMax, ref cut)];
    }

    private void WritePage(RecordWriter record, EventDraft draft, DoorSite site, ref EventFlags flags)
    {
        var named = !draft.Text(EventMember.Source).IsEmpty || !draft.Text(EventMember.Medium).IsEmpty
            || !draft.Text(EventMember.CampaignName).IsEmpty || !draft.Text(EventMember.Campaign).IsEmpty;
        PageFields.WritePage(record, draft.Text(EventMember.Url), site, campaign: !named, ref flags);
        PageFields.WriteReferrer(record, draft.Text(EventMember.Referrer), site, ref flags);
        PageFields.WriteNamedCampaign(record, draft, ref flags);
        if (draft.Has(EventMember.UserAgent)) parts.Fields.WriteAgent(record, Encoding.UTF8.GetString(draft.Text(EventMember.UserAgent)), ref flags);
        if (draft.Has(EventMember.Ip) && IPAddress.TryParse(Encoding.UTF8.GetString(draft.Text(EventMember.Ip)), out var address))
            parts.Fields.WriteAddress(record, address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
    }

    private static void WriteRelation(RecordWriter record, EventDraft draft, in JudgedEvent judged)
    {
        var needs = judged.Kind.Needs;
        if (needs.HasFlag(Needs.Stage)) record.Add(Field.Stage, draft.Text(EventMember.Stage));
        if (needs.HasFlag(Needs.Direction)) record.Add(Field.Direction, draft.Text(EventMember.Direction));
        if (needs.HasFlag(Needs.Score)) record.Add(Field.Score, judged.Score);
        var flags = EventFlags.None;
        if (needs.HasFlag(Needs.Channel)) HitFields.Text(record, Field.ContactChannel, draft.Text(EventMember.Channel), TextLimits.ShortBytesMax, ref flags);
    }

    /// <summary>What the page, or whatever it was, is about; items say it better.</summary>
    private static void WriteCategory(RecordWriter record, EventDraft draft, ref EventFlags flags)
    {
        var category = draft.Text(EventMember.Category);
        if (draft[EventMember.Category] != Given.Text || category.IndexOf((byte)0x1F) >= 0 || draft.Items.Categories().Length > 0) return;
        HitFields.Text(record, Field.Categories, category.Trim(" "u8), TextLimits.NameMax, ref flags);
    }

    /// <summary>As sent. Members beside the known ones join the properties, so that nothing that was sent is lost.</summary>
    private static void WriteProperties(RecordWriter record, EventDraft draft, ReadOnlySpan<byte> body, ref EventFlags flags)
    {
        var properties = draft.Has(EventMember.Properties) ? At(body, draft.Raw(EventMember.Properties)) : default;
        if (draft.ExtrasCount == 0)
        {
            if (properties.Length > 2) record.Add(Field.Properties, properties);
            return;
        }
        var merged = new ArrayBufferWriter<byte>(1024);
        merged.Write("{"u8);
        var inner = properties.IsEmpty ? default : properties[1..^1].Trim(" \t\r\n"u8);
        merged.Write(inner);
        for (var i = 0; i < draft.ExtrasCount; i++)
        {
            var extra = At(body, draft.Extra(i));
            if (merged.WrittenCount + extra.Length + 2 > TextLimits.PropertiesBytesMax)
            {
                flags |= EventFlags.Cut;
                break;
            }
            if (merged.WrittenCount > 1) merged.Write(","u8);
            merged.Write(extra);
        }
        merged.Write("}"u8);
        record.Add(Field.Properties, merged.WrittenSpan);
    }

    private static ReadOnlySpan<byte> At(ReadOnlySpan<byte> body, Slice slice) => body.Slice(slice.Start, slice.Length);
}
