using System.Text;
using ClosedLoop.Streaming.Collector.Agents;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Collector;

/// <summary>What every public door writes into its record in the same way.</summary>
internal sealed class HitFields(CollectorOptions options, AgentClassifier agents, Keyring keyring)
{
    /// <summary>Browser, language, address, country, and the class of agent.</summary>
    public void WriteCaller(RecordWriter record, in Caller caller, bool given, ref EventFlags flags)
    {
        WriteAgent(record, caller.UserAgent, ref flags);
        var cut = false;
        record.Add(Field.Language, TextLimits.Cut(caller.Language.AsSpan(), TextLimits.ShortBytesMax, ref cut));
        WriteAddress(record, caller.Address);
        if (caller.Country is { Length: 2 } country) record.Add(Field.Country, country);
        if (given) record.Add(Field.Consent, "accept"u8);
    }

    public void WriteAgent(RecordWriter record, string? userAgent, ref EventFlags flags)
    {
        var verdict = agents.Classify(userAgent);
        record.Add(Field.BotClass, verdict.BotClass);
        record.Add(Field.DeviceClass, verdict.DeviceClass);
        var cut = false;
        record.Add(Field.UserAgent, TextLimits.Cut(userAgent.AsSpan(), TextLimits.UserAgentBytesMax, ref cut));
        if (cut) flags |= EventFlags.Cut;
    }

    /// <summary>Only whether it was a bot: for an act of somebody who opted out.</summary>
    public void WriteClassOnly(RecordWriter record, string? userAgent) => record.Add(Field.BotClass, agents.Classify(userAgent).BotClass);

    public void WriteAddress(RecordWriter record, System.Net.IPAddress? address)
    {
        Span<byte> text = stackalloc byte[64];
        record.Add(Field.Ip, text[..ClientAddress.Format(address, options.TruncateAddresses, text)]);
    }

    /// <summary>A text that somebody sent: mended to UTF-8 and cut to its limit.</summary>
    public static void Text(RecordWriter record, Field field, ReadOnlySpan<byte> text, int bytesMax, ref EventFlags flags)
    {
        var cut = false;
        record.Add(field, TextLimits.Cut(text, bytesMax, ref cut));
        if (cut) flags |= EventFlags.Cut;
    }

    public static void Text(RecordWriter record, Field field, string? text, int bytesMax, ref EventFlags flags)
    {
        if (!string.IsNullOrEmpty(text)) Text(record, field, Encoding.UTF8.GetBytes(text), bytesMax, ref flags);
    }

    /// <summary>The sender's own name for the person. Many use the e-mail address, which is never stored as it is.</summary>
    public void WriteUserId(RecordWriter record, ReadOnlySpan<byte> text, DoorSite site, ref EventFlags flags)
    {
        if (text.IndexOf((byte)'@') >= 0 && LeadIdentity.NormaliseEmail(Encoding.UTF8.GetString(text)) is { } email)
            record.Add(Field.UserId, "e:" + keyring.Identify(site.Site.Id, 'e', email));
        else
            Text(record, Field.UserId, text, TextLimits.ShortBytesMax, ref flags);
    }

    /// <summary>Who the tracker says it is: links the browser with that person.</summary>
    public void WriteUser(RecordWriter record, ReadOnlySpan<byte> userId, DoorSite site)
    {
        if (userId.IsEmpty || userId.Length > TextLimits.ExternalIdBytesMax) return;
        var lead = default(LeadIdentity).WithUserId(Encoding.UTF8.GetString(userId));
        if (lead.IsKnown) lead.Protect(keyring, site.Site.Id).Write(record);
    }

    /// <summary>The actor's key of a visitor: 'v' and 32 hex digits.</summary>
    public static void VisitorKey(Id visitor, Span<byte> key)
    {
        Span<byte> bytes = stackalloc byte[Id.Bytes];
        visitor.Write(bytes);
        key[0] = (byte)'v';
        Convert.TryToHexStringLower(bytes, key[1..], out _);
    }

    public const int VisitorKeyBytes = 33;
}
