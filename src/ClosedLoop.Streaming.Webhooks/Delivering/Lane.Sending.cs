namespace ClosedLoop.Streaming.Webhooks;

internal sealed partial class Lane
{
    /// <summary>Begins whatever may begin. One thread at a time does it for all; a result that comes at once doesn't nest.</summary>
    private void Pump()
    {
        lock (_gate)
        {
            if (_pumping) return;
            _pumping = true;
        }
        while (true)
        {
            Delivery? next;
            Target target;
            lock (_gate)
            {
                next = TakeNext();
                if (next is null)
                {
                    _pumping = false;
                    return;
                }
                target = _target!;
            }
            _ = AttemptAsync(next, target);
        }
    }

    private Delivery? TakeNext()
    {
        if (_stopped || _target is null || _target.Endpoint.Paused || Disabled) return null;
        var now = _with.NowMs;
        if (_slowdown.Holds(now))
        {
            WakeAt(_slowdown.UntilMs, now);
            return null;
        }
        if (_schedule.Peek(now) is not { } next)
        {
            if (_schedule.EarliestMs is { } earliest) WakeAt(earliest, now);
            return null;
        }
        // Its own completion asks again, so there is nothing to wait for here.
        if (_underWay >= PlacesMax() || _underWay > 0 && !_with.Places.TryTake()) return null;
        _schedule.Take();
        _underWay++;
        next.State = DeliveryState.UnderWay;
        return next;
    }

    private int PlacesMax() => _slowdown.Times > 0 ? 1
        : _failedInRow >= 3 ? Math.Min(_with.Options.PerFailingEndpointMax, _with.Options.PerEndpointMax) : _with.Options.PerEndpointMax;

    private void WakeAt(long atMs, long nowMs)
    {
        if (_wakesAtMs == atMs) return;
        _wakesAtMs = atMs;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(atMs - nowMs, 1)), Timeout.InfiniteTimeSpan);
    }

    private void Rung()
    {
        lock (_gate) _wakesAtMs = 0;
        Pump();
    }

    private async Task AttemptAsync(Delivery delivery, Target target)
    {
        AttemptResult result;
        using var span = _with.Telemetry.Attempting(Endpoint);
        try
        {
            // No durable write before the first attempt: a body is only read again when memory had to let it go.
            var body = delivery.Body ?? _with.Store.Body(delivery.Sequence);
            result = target.Refusal is { } refusal ? new AttemptResult(AttemptEnd.Refused, 0, 0, 0, refusal)
                : body is null ? new AttemptResult(AttemptEnd.Broken, 0, 0, 0, "The message's body is lost.")
                : await _with.Sender.SendAsync(target.Url!, MessageId.Text(delivery.Message), body, target.Keys(_with.NowMs), _with.Stopping)
                    .ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A sender doesn't throw; reading the file may. Either is a failed attempt and must not end the lane.
            result = new AttemptResult(AttemptEnd.Broken, 0, 0, 0, $"The attempt failed ({e.GetType().Name}).");
        }
        var gone = Finish(delivery, target, result);
        span?.SetTag("outcome", WebhooksTelemetry.Word(result.End));
        _with.Telemetry.Attempted(result);
        _with.Wake();
        Pump();
        if (gone) await _with.DisableAsync(target.Endpoint).ConfigureAwait(false);
    }

    /// <summary>True when the endpoint said that it is gone.</summary>
    private bool Finish(Delivery delivery, Target target, AttemptResult result)
    {
        lock (_gate)
        {
            if (--_underWay > 0) _with.Places.Return();
            // The endpoint was deleted meanwhile.
            if (delivery.Ended) return false;
            delivery.State = DeliveryState.Waiting;
            if (result.End == AttemptEnd.Stopped || _stopped && !result.Succeeded)
            {
                _schedule.Offer(delivery);
                return false;
            }
            delivery.Attempts++;
            delivery.Status = result.Status;
            if (result.Succeeded) Delivered(delivery);
            else Failed(delivery, target, result);
            _records.Change(delivery);
            var outcome = delivery.State switch { DeliveryState.Delivered => "delivered", DeliveryState.Dead => "dead", DeliveryState.Dropped => "dropped", _ => "failed" };
            Remember(delivery, outcome, result.DurationMs, result.Detail);
            return result.End == AttemptEnd.Gone;
        }
    }

    private void Delivered(Delivery delivery)
    {
        (_slowdown, _failedInRow) = (Slowdown.None, 0);
        _toldExhausted = _toldOverflow = false;
        End(delivery, DeliveryState.Delivered);
        _schedule.Remove(delivery);
    }

    private void Failed(Delivery delivery, Target target, AttemptResult result)
    {
        var now = _with.NowMs;
        _failedInRow++;
        if (result.End == AttemptEnd.Slow) _slowdown = _slowdown.Again(now, result.RetryAfterMs);
        if (result.End == AttemptEnd.Gone) _goneVersion = target.Endpoint.Version;
        var next = RetrySchedule.NextMs(delivery.Attempts, now, result.RetryAfterMs, delivery.Message);
        if (next is { } dueMs && result.End != AttemptEnd.Gone && !Disabled && !delivery.Erased)
        {
            delivery.DueMs = dueMs;
            _schedule.Offer(delivery);
            return;
        }
        if (delivery.Erased) End(delivery, DeliveryState.Dropped);
        else Die(delivery, result);
        _schedule.Remove(delivery);
        if (Disabled) GiveUpAll("disabled");
    }

    private void Die(Delivery delivery, AttemptResult result)
    {
        delivery.Reason = result.End == AttemptEnd.Gone ? "gone" : Disabled ? "disabled" : "exhausted";
        if (delivery.Reason == "exhausted" && !_toldExhausted) _with.Exhausted(Endpoint, delivery.Attempts);
        _toldExhausted |= delivery.Reason == "exhausted";
        End(delivery, DeliveryState.Dead);
    }
}
