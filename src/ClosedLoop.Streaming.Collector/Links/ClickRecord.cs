using System.Text;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Collector;

/// <param name="Location">The target as it goes into the header.</param>
/// <param name="Requested">The link's own address, which may carry a click id.</param>
internal sealed record Click(DoorSite Site, string Location, Link Link, string Requested);

/// <summary>A followed link as a record: event <c>click</c> with the link's campaign, which is the touch, because the target's address may carry none.</summary>
internal static class ClickRecord
{
    public static void Write(HitScratch scratch, HitFields fields, Click click, in Caller caller, Permission permission, ReadOnlySpan<byte> key, Id id, long nowMs)
    {
        var flags = !permission.Tracks ? EventFlags.ActOnly : caller.HasCookie ? EventFlags.None : EventFlags.NewCookie;
        var link = click.Link;
        var record = scratch.Record.Begin(RecordKind.Event, nowMs, id, click.Site.IdBytes, key)
            .Add(Field.Name, "click"u8).Add(Field.Door, "redirect"u8)
            .Add(Field.LinkSlug, link.Slug).Add(Field.LinkChannel, link.Channel);
        if (permission.Tracks) record.Add(Field.VisitorId, key[1..]);
        PageFields.WriteLink(record, link, Encoding.UTF8.GetBytes(click.Location), Encoding.UTF8.GetBytes(click.Requested), ref flags);
        if (permission.Tracks)
        {
            if (!string.IsNullOrEmpty(caller.Referer))
                PageFields.WriteReferrer(record, Encoding.UTF8.GetBytes(caller.Referer), click.Site, ref flags);
            fields.WriteCaller(record, in caller, permission.Given, ref flags);
        }
        else
        {
            // No address and no agent of somebody who opted out; only whether it was a bot.
            fields.WriteClassOnly(record, caller.UserAgent);
        }
        var json = scratch.BeginJson();
        json.WriteStartObject();
        json.WriteString("target", click.Location);
        json.WriteEndObject();
        record.Add(Field.Properties, scratch.JsonBytes);
        if (flags != EventFlags.None) record.Add(Field.Flags, (long)flags);
    }
}
