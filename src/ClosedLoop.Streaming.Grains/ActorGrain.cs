using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Grains;

/// <summary>
/// One actor's state in memory, around the same pure core. Orleans may call twice, late, or two activations at once: so memory is believed only
/// when it comes from the very call whose answer the owner saved last, and is otherwise read again from where the owner saves. Deciding twice is
/// harmless, because only the owner writes, fenced by its epoch.
/// </summary>
public abstract class ActorGrain(SoloCores cores, ISavedStates states, GrainsTelemetry telemetry) : Grain, IActorGrain
{
    private byte[] _shelfKey = [], _state = [];
    private long _epoch = -1, _number = -1;

    public async Task<ActorAnswer> WorkAsync(ActorCall call)
    {
        if (call.Epoch < _epoch) return new ActorAnswer { Kind = AnswerKind.Fenced };
        if (!cores.TryTake(call.RulesHash, call.Rules, out var core)) return new ActorAnswer { Kind = AnswerKind.NeedsRules };
        try
        {
            if (!Remembers(call)) await ReloadAsync(call);
            return Decide(core, call);
        }
        catch (LogUnavailableException e)
        {
            Forget();
            return new ActorAnswer { Kind = AnswerKind.Away, Reason = e.Reason };
        }
        catch
        {
            Forget();
            throw;
        }
        finally { cores.GiveBack(call.RulesHash, core); }
    }

    private bool Remembers(ActorCall call) =>
        call.Since > 0 && call.Epoch == _epoch && call.Since == _number && call.ShelfKey.AsSpan().SequenceEqual(_shelfKey);

    private async Task ReloadAsync(ActorCall call)
    {
        Forget();
        telemetry.Reloaded();
        _state = await states.ReadAsync(call.Partition, call.ShelfKey, CancellationToken.None) ?? [];
        _shelfKey = call.ShelfKey;
    }

    private ActorAnswer Decide(SoloCore core, ActorCall call)
    {
        var outcome = core.Run(_shelfKey, _state, call.Records, call.WakeMs);
        (_state, _epoch, _number) = (outcome.State, call.Epoch, call.Number);
        return new ActorAnswer
        {
            IsChanged = outcome.IsChanged, State = outcome.IsChanged ? outcome.State : [], DueSeconds = outcome.DueSeconds, Facts = outcome.Facts,
            Messages = [.. outcome.Messages.Select(m => new ActorMessages(m.Partition, m.Count, m.Bytes.ToArray()))], Counters = outcome.Counters.Write(),
        };
    }

    private void Forget() => (_shelfKey, _state, _number) = ([], [], -1);
}
