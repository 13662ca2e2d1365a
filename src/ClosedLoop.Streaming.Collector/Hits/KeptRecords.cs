namespace ClosedLoop.Streaming.Collector;

/// <summary>Hits of people who opted out: counted, without id, page or address (FIELD.md §11).</summary>
internal sealed class TotalsRecords(HitLog log, CollectorTelemetry telemetry)
{
    /// <param name="reason">gpc, dnt, consent or anonymous.</param>
    public Task Append(DoorSite site, ReadOnlySpan<byte> door, ReadOnlySpan<byte> name, string reason, Id id, long nowMs)
    {
        telemetry.TotalsOnly(reason);
        var record = HitScratch.OfThisThread.Record.Begin(RecordKind.TotalsOnly, nowMs, id, site.IdBytes, default)
            .Add(Field.Name, name).Add(Field.Door, door).Add(Field.Reason, reason);
        return log.AppendByItself(record.Written, site.IdBytes, id);
    }
}

/// <summary>Hits that were not understood: kept with their reason and the beginning of what came.</summary>
internal sealed class RefusedRecords(HitLog log, CollectorOptions options, CollectorTelemetry telemetry)
{
    public Task Append(DoorSite? site, ReadOnlySpan<byte> door, Refusal refusal, string detail, ReadOnlySpan<byte> payload, Id id, long nowMs)
    {
        telemetry.Refused(refusal);
        var record = HitScratch.OfThisThread.Record;
        Write(record, site, door, refusal, detail, payload, id, nowMs);
        return log.AppendByItself(record.Written, site is null ? default : site.IdBytes, id);
    }

    /// <param name="phone">A phone number in the payload, which is not kept either.</param>
    public void Write(RecordWriter record, DoorSite? site, ReadOnlySpan<byte> door, Refusal refusal, string detail, ReadOnlySpan<byte> payload, Id id, long nowMs,
        ReadOnlySpan<byte> phone = default)
    {
        var cut = false;
        // Masked before it is cut, so that no half of an address stays at the end.
        var looked = payload[..Math.Min(payload.Length, options.RefusedPayloadBytesMax + LeadIdentity.EmailMax)];
        var kept = HitScratch.OfThisThread.CopyOf(looked);
        PayloadMask.Addresses(kept);
        PayloadMask.Each(kept, phone);
        record.Begin(RecordKind.Refused, nowMs, id, site is null ? default : site.IdBytes, default)
            .Add(Field.Door, door).Add(Field.Reason, refusal.Name()).Add(Field.Detail, detail)
            .Add(Field.Payload, TextLimits.Cut(kept, options.RefusedPayloadBytesMax, ref cut));
        if (cut) record.Add(Field.Flags, (long)EventFlags.Cut);
    }
}
