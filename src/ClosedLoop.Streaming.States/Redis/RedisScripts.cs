namespace ClosedLoop.Streaming.States;

/// <summary>
/// What happens inside Redis. Each script looks at the epoch first: an owner that a newer one has replaced changes nothing any more. KEYS[1] is
/// always the head. Answers: 1 done, -1 a newer owner, -2 not the state that the caller knows.
/// </summary>
internal static class RedisScripts
{
    public const int Done = 1, Fenced = -1, Elsewhere = -2;

    /// <summary>
    /// ARGV: identity of the log, 1 when there may be nothing yet. Raises the epoch, which is a time, so that a Redis that lost its last second never gives the same one twice. Gives
    /// epoch, commits, absorbed, outs, redo, counters, milliseconds since the last save, end of the facts when all was published; or -1 and the identity of the log that the states belong to; or -2 alone when there is nothing and should be.
    /// </summary>
    public const string Open = """
        local head = KEYS[1]
        local log = redis.call('HGET', head, 'log')
        if log and log ~= ARGV[1] then return {-1, log} end
        if not log and ARGV[2] ~= '1' then return {-2} end
        local time = redis.call('TIME')
        local epoch = math.max(tonumber(redis.call('HGET', head, 'epoch') or '0') + 1, tonumber(time[1]) * 1000000 + tonumber(time[2]))
        redis.call('HSET', head, 'epoch', string.format('%.0f', epoch), 'log', ARGV[1])
        local found = redis.call('HMGET', head, 'commits', 'absorbed', 'outs', 'redo', 'counters', 'saved', 'facts')
        local age = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) - tonumber(found[6] or '0')
        return {string.format('%.0f', epoch), found[1] or '0', found[2] or '0', found[3] or '0', found[4] or '0', found[5] or '', string.format('%.0f', age), found[7] or '-1'}
        """;

    private const string Guard = """
        local head = KEYS[1]
        if redis.call('HGET', head, 'epoch') ~= ARGV[1] then return -1 end

        """;

    private const string GuardCommits = Guard + """
        if (redis.call('HGET', head, 'commits') or '0') ~= ARGV[2] then return -2 end

        """;

    // ARGV from i on: bucket key index, field, due, value (empty removes), as often as there are states.
    private const string Apply = """
        while i <= #ARGV do
            local key, field, due, value = KEYS[tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
            if value == '' then redis.call('HDEL', key, field) else redis.call('HSET', key, field, value) end
            if due == '0' then redis.call('ZREM', KEYS[2], field) else redis.call('ZADD', KEYS[2], due, field) end
            i = i + 4
        end

        """;

    /// <summary>One piece of a large step, before it counts. KEYS: head, list. ARGV: epoch, commits, length of the list before, piece.</summary>
    public const string Stage = GuardCommits + """
        if redis.call('LLEN', KEYS[2]) ~= tonumber(ARGV[3]) then return -2 end
        redis.call('RPUSH', KEYS[2], ARGV[4])
        return 1
        """;

    /// <summary>
    /// The commit. KEYS: head, due, out, buckets. ARGV: epoch, commits, absorbed, counters, outs, redo, number of elements for out that follow,
    /// those, then states.
    /// </summary>
    public const string Save = GuardCommits + """
        local i = 8
        for n = 1, tonumber(ARGV[7]) do
            redis.call('RPUSH', KEYS[3], ARGV[i])
            i = i + 1
        end

        """ + Apply + """
        local time = redis.call('TIME')
        redis.call('HSET', head, 'commits', string.format('%.0f', tonumber(ARGV[2]) + 1), 'absorbed', ARGV[3], 'counters', ARGV[4], 'outs', ARGV[5], 'redo', ARGV[6],
            'saved', string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)))
        return 1
        """;

    /// <summary>States of a large step that counts already. KEYS: head, due, buckets. ARGV: epoch, states.</summary>
    public const string Redo = Guard + "local i = 2\n" + Apply + "return 1";

    /// <summary>All pieces are applied. KEYS: head, redo. ARGV: epoch.</summary>
    public const string Redone = Guard + """
        redis.call('UNLINK', KEYS[2])
        redis.call('HSET', head, 'redo', '0')
        return 1
        """;

    /// <summary>What a crash left of a step that never counted goes. KEYS: head, out, redo. ARGV: epoch.</summary>
    public const string Tidy = Guard + """
        local outs = tonumber(redis.call('HGET', head, 'outs') or '0')
        if outs == 0 then redis.call('UNLINK', KEYS[2]) else redis.call('LTRIM', KEYS[2], 0, outs - 1) end
        if (redis.call('HGET', head, 'redo') or '0') == '0' then redis.call('UNLINK', KEYS[3]) end
        return 1
        """;

    /// <summary>Everything is published. KEYS: head, out. ARGV: epoch, end of the facts.</summary>
    public const string Clear = Guard + """
        redis.call('UNLINK', KEYS[2])
        redis.call('HSET', head, 'outs', '0', 'facts', ARGV[2])
        return 1
        """;
}
