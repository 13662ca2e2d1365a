using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Testing;
using ClosedLoop.Streaming.World;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.Grains.Tests;

/// <summary>Calls as Orleans may deliver them: twice, late, from an owner that is no longer, to a silo that does not know the rules.</summary>
public sealed class GrainCallTests
{
    private const long From = 1_795_000_000_000;

    [Fact]
    public async Task Memory_is_believed_only_of_the_call_that_was_saved()
    {
        using var broker = TestBroker.Start();
        await using var server = await TestRedis.StartAsync();
        await using var silo = await OneSilo.StartAsync(broker.Options(), server.Options(), new StandingClock(From));
        var grain = silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IVisitorGrain>("nobody's");
        var rules = new PublishedState([]);

        Assert.Equal(AnswerKind.NeedsRules, (await grain.WorkAsync(Call(1, 0, 0x1234, null))).Kind);
        var first = await grain.WorkAsync(Call(1, 0, rules.Hash, rules.Bytes));
        Assert.Equal((AnswerKind.Done, true), (first.Kind, first.IsChanged));
        // The same batch again, as after an answer that was lost: nothing was saved, so it begins at nothing again.
        var again = await grain.WorkAsync(Call(2, 0, rules.Hash, null));
        Assert.Equal(Convert.ToHexString(first.State), Convert.ToHexString(again.State));
        // An earlier call that comes late does not pass for the one that was saved.
        var late = await grain.WorkAsync(Call(3, 1, rules.Hash, null));
        Assert.Equal(Convert.ToHexString(first.State), Convert.ToHexString(late.State));
        // Who goes on from the saved one knows the hit already.
        var next = await grain.WorkAsync(Call(4, 3, rules.Hash, null));
        Assert.Equal(1, Counters.Read(next.Counters).Duplicates);
        // A newer owner begins at what is saved, and the older one is told.
        Assert.Equal(Convert.ToHexString(first.State), Convert.ToHexString((await grain.WorkAsync(Call(1, 0, rules.Hash, null, epoch: 8))).State));
        Assert.Equal(AnswerKind.Fenced, (await grain.WorkAsync(Call(5, 4, rules.Hash, null))).Kind);
    }

    private static ActorCall Call(long number, long since, ulong rulesHash, byte[]? rules, long epoch = 7)
    {
        var batch = new ActorBatch(Key("v1"));
        batch.Add(Hit.Page("v1", From).Record("one"));
        return new ActorCall { Epoch = epoch, Number = number, Since = since, ShelfKey = batch.ShelfKey, Records = batch.Records, RulesHash = rulesHash, Rules = rules };
    }

    private static byte[] Key(string visitor)
    {
        var whole = new byte[64];
        return whole[..ActorKey.OnShelf("demo"u8, ActorKey.OfVisitor(visitor), whole)];
    }
}
