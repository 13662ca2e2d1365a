namespace ClosedLoop.Streaming.Collector;

/// <summary>What a pixel's <c>e</c> means (FIELD.md §1): our name for it, and its properties.</summary>
internal ref struct PixelEvent
{
    public ReadOnlySpan<byte> Name;
    public EventKind Kind;
    public ReadOnlySpan<byte> Properties;
    public Refusal Refusal;
    public string Detail;

    public static PixelEvent Read(in PixelHit hit, DoorSite site, HitScratch scratch)
    {
        var code = hit[PixelParam.Event];
        var read = new PixelEvent { Name = NameOf(code), Detail = "" };
        var describes = code.SequenceEqual("ue"u8);
        if (describes)
        {
            var described = SelfDescribing.Read(hit[PixelParam.UePlain], hit[PixelParam.UeEncoded]);
            if (described.Name.Length == 0) return Refused(Refusal.BadProperties, "ue_px or ue_pr is no self-describing event.");
            read.Name = described.Name;
            read.Properties = described.Json;
        }
        else if (hit.HasOthers)
        {
            var json = scratch.BeginJson();
            json.WriteStartObject();
            hit.WriteOthers(json, site);
            json.WriteEndObject();
            read.Properties = scratch.JsonBytes;
            if (read.Properties.Length == 2) read.Properties = default;
        }
        if (read.Properties.Length > TextLimits.PropertiesBytesMax) return Refused(Refusal.BadProperties, "The properties are longer than 32 KiB.");
        if (EventKinds.Find(read.Name) is not { } kind) return Refused(Refusal.BadEventName, "An event name has 1 to 64 characters and no control characters.");
        if (!kind.Public) return Refused(Refusal.NeedsKey, $"{kind.Name} is believed only with a key, at /v1/events.");
        read.Kind = kind;
        return read;
    }

    private static PixelEvent Refused(Refusal refusal, string detail) => new() { Refusal = refusal, Detail = detail };

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> code)
    {
        if (code.IsEmpty || code.SequenceEqual("pv"u8)) return "page_view"u8;
        if (code.SequenceEqual("pp"u8)) return "page_ping"u8;
        if (code.SequenceEqual("se"u8)) return "structured_event"u8;
        if (code.SequenceEqual("tr"u8)) return "purchase"u8;
        if (code.SequenceEqual("ti"u8)) return "transaction_item"u8;
        return code;
    }
}
