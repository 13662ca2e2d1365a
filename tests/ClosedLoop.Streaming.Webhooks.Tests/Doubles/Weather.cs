namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>
/// Receivers that answer anything, decided by a seed: at once or later, each endpoint with its own share of failures. Checks at each
/// attempt what must always hold, and remembers what reached whom.
/// </summary>
public sealed class Weather
{
    private readonly Random _chance;
    private readonly Messenger _messenger;
    private readonly List<(TaskCompletionSource<AttemptResult> Answer, AttemptResult Result)> _later = [];
    private readonly Dictionary<string, List<string>> _byPerson = [];
    private readonly Dictionary<string, (string Person, int Order)> _byId = [];

    public Weather(Messenger messenger, int seed)
    {
        (_messenger, _chance) = (messenger, new Random(seed));
        messenger.Sender.Answer = Answer;
    }

    public HashSet<(string Host, string Id)> Delivered { get; } = [];
    public Dictionary<(string Host, string Id), List<long>> Attempts { get; } = [];
    /// <summary>Whether a message may be attempted although an earlier one of the person neither succeeded nor was given up.</summary>
    public Func<string, string, bool> GivenUp { get; set; } = (_, _) => false;
    public int Pending => _later.Count;

    /// <summary>The facts of a person in their order.</summary>
    public void Expect(string id, string person, int order)
    {
        _byId[id] = (person, order);
        if (!_byPerson.TryGetValue(person, out var ids)) _byPerson[person] = ids = [];
        ids.Add(id);
    }

    public IEnumerable<string> Ids => _byId.Keys;

    /// <summary>Lets some of the answers arrive that take their time.</summary>
    public void Clear(int atMost)
    {
        while (atMost-- > 0 && _later.Count > 0)
        {
            var at = _chance.Next(_later.Count);
            var (answer, result) = _later[at];
            _later.RemoveAt(at);
            answer.TrySetResult(result);
        }
    }

    /// <summary>A crash: answers under way reach nobody.</summary>
    public void Lose() => _later.Clear();

    private Task<AttemptResult> Answer(Sent sent)
    {
        var key = (sent.Host, sent.Id);
        Assert.True(_byId.ContainsKey(sent.Id), $"{sent.Id} is the id of no fact");
        InOrder(sent);
        if (!Attempts.TryGetValue(key, out var times)) Attempts[key] = times = [];
        times.Add(sent.AtMs);
        var result = Result(sent.Host[0] - 'a');
        // The receiver has it, whether or not we hear of it.
        if (result.Succeeded) Delivered.Add(key);
        if (_chance.Next(4) > 0) return Task.FromResult(result);
        var answer = new TaskCompletionSource<AttemptResult>();
        _later.Add((answer, result));
        return answer.Task;
    }

    private void InOrder(Sent sent)
    {
        var (person, order) = _byId[sent.Id];
        foreach (var id in _byPerson[person].TakeWhile(id => id != sent.Id))
            Assert.True(Delivered.Contains((sent.Host, id)) || GivenUp(sent.Host, id), $"{sent.Host}: {order} of {person} before an earlier one");
    }

    private AttemptResult Result(int endpoint)
    {
        if (_chance.Next(10) >= endpoint) return ScriptedSender.Ok;
        return _chance.Next(7) switch
        {
            0 => ScriptedSender.Status(500),
            1 => ScriptedSender.Status(302),
            2 => ScriptedSender.Status(404),
            3 => ScriptedSender.Late,
            4 => ScriptedSender.Reset,
            5 => ScriptedSender.Status(429, _chance.Next(3) * 2_000),
            _ => ScriptedSender.Status(503),
        };
    }
}
