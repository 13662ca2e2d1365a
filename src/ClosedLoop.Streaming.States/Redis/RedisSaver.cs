using ClosedLoop.Streaming.Log;
using StackExchange.Redis;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// Saves a step, whole or not at all. A step that fits is one script. A larger one is laid down in pieces that count for nothing, then a small
/// script makes them count, then they are applied; whoever opens the partition after a crash in between goes on with that.
/// </summary>
internal sealed class RedisSaver(RedisLink link)
{
    /// <summary>For tests: called with the name of the step that is about to begin; what it throws is the crash.</summary>
    public Action<string>? Crash { get; set; }

    private RedisStatesOptions Options => link.Options;

    public async Task SaveAsync(RedisOwner owner, RedisWork work)
    {
        if (work.Bytes <= Options.ScriptBytesMax && work.StateCount <= Options.ScriptStatesMax)
        {
            var call = Head(owner, work, redo: 0).With(work.Outs.Count);
            foreach (var element in work.Outs) call.With(element.Write());
            foreach (var whole in Pieces(work.States, owner.Partition, int.MaxValue, int.MaxValue)) AddStates(call, owner.Keys, whole, owner.Partition);
            await DoAsync(owner, call).ConfigureAwait(false);
            owner.Commits++;
            return;
        }
        for (var i = 0; i < work.Outs.Count; i++) await StageAsync(owner, owner.Keys.Unpublished, i, work.Outs[i].Write()).ConfigureAwait(false);
        var pieces = Pieces(work.States, owner.Partition, Options.ScriptBytesMax, Options.ScriptStatesMax);
        for (var i = 0; i < pieces.Count; i++) await StageAsync(owner, owner.Keys.Redo, i, pieces[i]).ConfigureAwait(false);
        Crash?.Invoke("count");
        await DoAsync(owner, Head(owner, work, pieces.Count).With(0)).ConfigureAwait(false);
        owner.Commits++;
        foreach (var piece in pieces) await RedoAsync(owner, piece).ConfigureAwait(false);
        Crash?.Invoke("redone");
        if (pieces.Count > 0) await RedoneAsync(owner).ConfigureAwait(false);
    }

    /// <summary>Applies what a crash left of a large step that counts.</summary>
    public async Task FinishAsync(RedisOwner owner, int pieces)
    {
        for (var i = 0; i < pieces; i++)
            await RedoAsync(owner, (byte[])(await link.AskAsync("LINDEX", owner.Keys.Redo, i).ConfigureAwait(false))!).ConfigureAwait(false);
        if (pieces > 0) await RedoneAsync(owner).ConfigureAwait(false);
    }

    public Task TidyAsync(RedisOwner owner) =>
        DoAsync(owner, new RedisScriptCall(RedisScripts.Tidy, owner.Keys.Head, owner.Keys.Unpublished, owner.Keys.Redo).With(owner.Epoch));

    public Task ClearAsync(RedisOwner owner, long factsEnd) =>
        DoAsync(owner, new RedisScriptCall(RedisScripts.Clear, owner.Keys.Head, owner.Keys.Unpublished).With(owner.Epoch).With(factsEnd));

    private static RedisScriptCall Head(RedisOwner owner, RedisWork work, int redo) =>
        new RedisScriptCall(RedisScripts.Save, owner.Keys.Head, owner.Keys.Due, owner.Keys.Unpublished)
            .With(owner.Epoch).With(owner.Commits).With(work.Absorbed).With(work.Counters).With(work.Outs.Count).With(redo);

    private Task StageAsync(RedisOwner owner, RedisKey list, int index, byte[] piece)
    {
        Crash?.Invoke("stage");
        return DoAsync(owner, new RedisScriptCall(RedisScripts.Stage, owner.Keys.Head, list).With(owner.Epoch).With(owner.Commits).With(index).With(piece));
    }

    private Task RedoAsync(RedisOwner owner, byte[] piece)
    {
        Crash?.Invoke("redo");
        var call = new RedisScriptCall(RedisScripts.Redo, owner.Keys.Head, owner.Keys.Due).With(owner.Epoch);
        AddStates(call, owner.Keys, piece, owner.Partition);
        return DoAsync(owner, call);
    }

    private Task RedoneAsync(RedisOwner owner) => DoAsync(owner, new RedisScriptCall(RedisScripts.Redone, owner.Keys.Head, owner.Keys.Redo).With(owner.Epoch));

    private async Task DoAsync(RedisOwner owner, RedisScriptCall call)
    {
        switch (await call.RunAsync(link).ConfigureAwait(false))
        {
            case RedisScripts.Done: return;
            case RedisScripts.Fenced:
                lock (owner.Shelf.Gate) owner.IsFenced = true;
                throw new FencedException(owner.Partition, owner.Epoch);
            default: throw RedisRefusals.Lost(owner.Partition);
        }
    }

    private static void AddStates(RedisScriptCall call, RedisKeys keys, byte[] chunk, int partition)
    {
        var reader = new StateChunkReader(chunk, new ChunkPlace(partition, 0));
        while (reader.MoveNext()) call.State(keys, reader.Key, reader.DueSeconds, reader.State);
    }

    /// <summary>The chunk cut into chunks that one script can take; none when there are no states.</summary>
    private static List<byte[]> Pieces(byte[] chunk, int partition, int bytesMax, int statesMax)
    {
        if (chunk.Length == 0) return [];
        if (chunk.Length <= bytesMax && StateChunk.CountOf(chunk) <= statesMax) return [chunk];
        var pieces = new List<byte[]>();
        var writer = new StateChunkWriter();
        var reader = new StateChunkReader(chunk, new ChunkPlace(partition, 0));
        while (reader.MoveNext())
        {
            if (writer.Count == statesMax || (writer.Count > 0 && writer.Length + reader.State.Length > bytesMax))
            {
                pieces.Add(writer.Finish().ToArray());
                writer.Clear();
            }
            if (reader.IsRemoval) writer.Remove(reader.Key);
            else writer.Put(reader.Key, reader.DueSeconds, reader.State);
        }
        pieces.Add(writer.Finish().ToArray());
        return pieces;
    }
}
