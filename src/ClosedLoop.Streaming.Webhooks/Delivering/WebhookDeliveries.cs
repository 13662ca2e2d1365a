using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks;

/// <inheritdoc cref="IWebhookDeliveries"/>
internal sealed class WebhookDeliveries(Lanes lanes, LaneContext with, RefusalCheck refusals) : IWebhookDeliveries
{
    private const int LettersPerStepMax = 200;

    public IReadOnlyList<DeliveryRecord> History(string endpoint, int max)
    {
        max = Math.Clamp(max, 0, with.Options.HistoryMax);
        var recent = lanes.Find(endpoint)?.Recent() ?? [];
        if (recent.Length >= max) return recent[..max];
        // What is just being written down is in both for a moment.
        return [.. recent.Concat(with.Store.History(endpoint, max)).DistinctBy(r => (r.Id, r.AtMs, r.Attempt, r.Outcome)).Take(max)];
    }

    public IReadOnlyList<DeadLetter> DeadLetters(string endpoint, long sinceMs, int max) =>
        [.. with.Store.Dead(endpoint, sinceMs, null, Math.Clamp(max, 0, IWebhookDeliveries.ReplayMax)).Select(row =>
            new DeadLetter(MessageId.Text(row.Message), row.Type, row.CreatedMs, row.DiedMs, row.Attempts, row.Status, row.Reason))];

    public EndpointStatus Status(string endpoint)
    {
        var state = lanes.Find(endpoint)?.State() ?? default;
        return new EndpointStatus(state.Waiting, state.UnderWay, with.Store.DeadCount(endpoint), state.SlowedUntilMs);
    }

    public async Task<int> ReplayAsync(string endpoint, long sinceMs, IReadOnlyList<string>? ids, CancellationToken cancel)
    {
        if (lanes.Find(endpoint) is not { } lane) return 0;
        HashSet<Id>? wanted = null;
        if (ids is { Count: > 0 }) wanted = [.. ids.Take(IWebhookDeliveries.ReplayMax).Where(id => MessageId.TryParse(id, out _)).Select(Parsed)];
        var letters = with.Store.Dead(endpoint, sinceMs, wanted, IWebhookDeliveries.ReplayMax);
        var replayed = 0;
        foreach (var step in letters.Chunk(LettersPerStepMax))
        {
            cancel.ThrowIfCancellationRequested();
            replayed += await ReviveAsync(lane, step).ConfigureAwait(false);
        }
        return replayed + lane.Hasten(wanted);
    }

    public async Task<TestOutcome> TestAsync(string endpoint, CancellationToken cancel)
    {
        if (lanes.Find(endpoint) is not { Target: { } target } lane) throw new KeyNotFoundException($"There is no endpoint '{endpoint}'.");
        var now = with.Time.GetUtcNow();
        var id = MessageId.Text(MessageId.OfTest(endpoint, now.ToUnixTimeMilliseconds()));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, with.Stopping);
        var result = target.Refusal is { } refusal ? new AttemptResult(AttemptEnd.Refused, 0, 0, 0, refusal)
            : await with.Sender.SendAsync(target.Url!, id, TestMessage.Body(now), target.Keys(with.NowMs), either.Token).ConfigureAwait(false);
        var outcome = result.Succeeded ? "delivered" : "failed";
        lane.Remember(new DeliveryRecord(id, MessageType.Test, with.NowMs, 1, result.Status, outcome, result.DurationMs, result.Detail));
        return new TestOutcome(id, WebhooksTelemetry.Word(result.End), result.Status, result.DurationMs, result.Detail);
    }

    public Task<string?> RefusalAsync(string? url, CancellationToken cancel) => refusals.OfAsync(url, cancel);

    private async Task<int> ReviveAsync(Lane lane, DeadRow[] letters)
    {
        // A message that is on its way again already (a fact read twice) stays as it is.
        var revived = letters.Where(letter => !lane.Holds(letter.Message)).Select(letter => letter with { Sequence = lanes.NextSequence() }).ToArray();
        await with.Store.ReviveAsync(lane.Endpoint, [.. revived.Select(letter => (letter.Message, letter.Sequence))]).ConfigureAwait(false);
        foreach (var letter in revived)
            lane.Restore(new PendingRow(letter.Sequence, lane.Endpoint, letter.Message, letter.Person, letter.Type, letter.CreatedMs, 0, 0, null));
        lane.Begin();
        return revived.Length;
    }

    private static Id Parsed(string text) => MessageId.TryParse(text, out var id) ? id : Id.None;
}
