using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>
/// Writes what a run found as finished facts into records of the log, all of one site into one partition, so that the run's own row comes
/// after its postings. The rows of one conversion are never torn apart: a run that was cut off has posted whole conversions.
/// </summary>
internal sealed class RunWriter(ILog log, string site, Id run, long nowMs)
{
    private const int PayloadBytesMax = 128 * 1024;

    private readonly byte[] _site = Encoding.UTF8.GetBytes(site);
    private readonly ArrayBufferWriter<byte> _payload = new(PayloadBytesMax);
    private readonly RecordWriter _fact = new();
    private int _facts, _records;

    public Id Run => run;
    public long Postings { get; private set; }

    /// <summary>A posting or a reversal; <paramref name="line"/> says of which conversion, person and source.</summary>
    public void Post(LedgerLine line, CreditRow row)
    {
        Begin(RecordKind.CreditPosted, line.LeadId.Length > 0 ? "l" + line.LeadId : "v" + line.VisitorId)
            .Add(Field.ConversionId, Id.TryParse(line.Conversion, out var conversion) ? conversion : Id.None).Add(Field.ConversionKind, line.Kind).Add(Field.OccurredMs, line.OccurredMs)
            .Add(Field.Model, ModelNames.Of(row.Model)).Add(Field.TouchId, row.Touch).Add(Field.Amount, row.Amount).Add(Field.Share, (long)row.Share)
            .Add(Field.Currency, line.Currency).Add(Field.Sign, (long)row.Sign)
            .Add(Field.VisitorId, line.VisitorId).Add(Field.LeadId, line.LeadId)
            .Add(Field.Channel, line.Channel).Add(Field.Source, line.Source).Add(Field.Medium, line.Medium).Add(Field.Campaign, line.Campaign);
        if (row.Touch != Id.None) _fact.Add(Field.TouchMs, line.TouchMs);
        if (row.Profit is { } profit) _fact.Add(Field.GrossProfit, profit);
        Keep();
        Postings++;
    }

    public void Effect(AttributionModel model, string goal, string channel, double effect, double credited, long paths)
    {
        Begin(RecordKind.RunEffectFound, "").Add(Field.Model, ModelNames.Of(model)).Add(Field.ConversionKind, goal).Add(Field.Channel, channel)
            .Add(Field.Effect, Billionths(effect)).Add(Field.Credited, Billionths(credited)).Add(Field.Paths, paths);
        Keep();
    }

    public void Made(AttributionModel model, int fromDay, int toDay, int lookbackDays, long conversions, long nulls)
    {
        Begin(RecordKind.CreditRunMade, "").Add(Field.Model, ModelNames.Of(model)).Add(Field.RunFrom, fromDay).Add(Field.RunTo, toDay)
            .Add(Field.Date, lookbackDays).Add(Field.Credited, conversions).Add(Field.NullPaths, nulls).Add(Field.Hits, Postings);
        Keep();
    }

    /// <summary>A good place to cut: the facts so far become a record when there are enough of them.</summary>
    /// <exception cref="LogUnavailableException">They could not be made durable; the next run posts what is missing.</exception>
    public async Task BreatheAsync(bool end = false)
    {
        if (_payload.WrittenCount == 0 || !end && _payload.WrittenCount < PayloadBytesMax / 2) return;
        var record = new RecordWriter(_payload.WrittenCount + 256)
            .Begin(RecordKind.CreditRun, nowMs, Id.Derive(run, "record"u8, RecordKind.CreditRun, _records++), _site, default)
            .Add(Field.Run, run).Add(Field.Payload, _payload.WrittenSpan);
        await log.AppendAsync(Topic.Hits, Partitioning.Of(_site, "runs"u8, log.Partitions), record.Written).ConfigureAwait(false);
        _payload.ResetWrittenCount();
    }

    private RecordWriter Begin(RecordKind kind, string key) =>
        _fact.Begin(kind, nowMs, Id.Derive(run, "fact"u8, kind, _facts++), _site, Encoding.UTF8.GetBytes(key)).Add(Field.Run, run).Add(Field.PostedMs, nowMs);

    private void Keep()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_payload.GetSpan(4), _fact.Written.Length);
        _payload.Advance(4);
        _payload.Write(_fact.Written);
    }

    private static long Billionths(double value) => (long)Math.Clamp(Math.Round(value * 1e9), 0, 9e18);
}
