using System.Text.Json;

namespace ClosedLoop.Streaming.Collector;

/// <summary>Reads one event object into a draft in a single pass. The reader stands on its opening brace before, and on its closing brace after.</summary>
internal static class EventReader
{
    /// <exception cref="JsonException">The body is no JSON from here on.</exception>
    /// <exception cref="InvalidOperationException">A text is no text: an escaped lone surrogate.</exception>
    public static void Read(ref Utf8JsonReader reader, EventDraft draft)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var member = EventMembers.AtTop(Name(ref reader));
            reader.Read();
            Member(ref reader, draft, member);
            if (member is EventMember.None or >= EventMember.OrderId) draft.KeepExtra(start, (int)reader.BytesConsumed);
        }
    }

    private static void Member(ref Utf8JsonReader reader, EventDraft draft, EventMember member)
    {
        switch (member)
        {
            case EventMember.None:
                reader.Skip();
                break;
            case EventMember.Lead when reader.TokenType == JsonTokenType.StartObject:
                Object(ref reader, draft, member, Part.Lead);
                break;
            case EventMember.Campaign when reader.TokenType == JsonTokenType.StartObject:
                Object(ref reader, draft, member, Part.Campaign);
                break;
            case EventMember.Properties when reader.TokenType == JsonTokenType.StartObject:
                Object(ref reader, draft, member, Part.Properties);
                break;
            case EventMember.VisitorIds when reader.TokenType == JsonTokenType.StartArray:
                TwoVisitors(ref reader, draft);
                break;
            default:
                Value(ref reader, draft, member);
                break;
        }
    }

    private static void Object(ref Utf8JsonReader reader, EventDraft draft, EventMember whole, Part part)
    {
        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Name(ref reader);
            var member = part switch
            {
                Part.Lead => EventMembers.InLead(name),
                Part.Campaign => EventMembers.InCampaign(name),
                _ => EventMembers.InProperties(name),
            };
            reader.Read();
            // What stands at the top has been said on purpose and is not overwritten from inside.
            draft.Within = part;
            if (member == EventMember.None || part == Part.Properties && draft.Has(member)) reader.Skip();
            else Value(ref reader, draft, member);
        }
        draft.Within = Part.Top;
        draft.KeepRaw(whole, Given.Object, start, (int)reader.BytesConsumed);
    }

    private static void Value(ref Utf8JsonReader reader, EventDraft draft, EventMember member)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            draft.KeepValue(member, ref reader);
            return;
        }
        var start = (int)reader.TokenStartIndex;
        var given = reader.TokenType == JsonTokenType.StartObject ? Given.Object : Given.Array;
        if (member == EventMember.Items && given == Given.Array) draft.ReadItems(ref reader);
        else if (member == EventMember.Traits && given == Given.Object) Traits(ref reader, draft);
        else reader.Skip();
        draft.KeepRaw(member, given, start, (int)reader.BytesConsumed);
    }

    private static void Traits(ref Utf8JsonReader reader, EventDraft draft)
    {
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueSpan.Length is 0 or > TextLimits.NameMax * 4) draft.Refuse(Refusal.BadTraits, "A trait's name has 1 to 64 characters.", "lead.traits");
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                draft.Refuse(Refusal.BadTraits, "A trait is text, a number, true, false or null.", "lead.traits");
                reader.Skip();
            }
            if (++count == TextLimits.TraitsMax + 1) draft.Refuse(Refusal.BadTraits, $"A lead has at most {TextLimits.TraitsMax} traits.", "lead.traits");
        }
    }

    private static void TwoVisitors(ref Utf8JsonReader reader, EventDraft draft)
    {
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
            else if (count == 0) draft.KeepValue(EventMember.VisitorId, ref reader);
            else draft.KeepValue(EventMember.OtherVisitorId, ref reader);
            count++;
        }
        if (count != 2) draft.Refuse(Refusal.BadVisitorId, "visitor_ids holds exactly two ids.", "visitor_ids");
    }

    /// <summary>A name with escapes in it is none of ours.</summary>
    private static ReadOnlySpan<byte> Name(ref Utf8JsonReader reader) => reader.ValueIsEscaped ? default : reader.ValueSpan;
}
