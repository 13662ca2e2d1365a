using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Simulation.Tests;

/// <summary>
/// Who is one person, the obvious way: everything that was ever said in one list, merges by what was said last of each pair, and whoever is
/// connected belongs together. Several people on one browser are told apart in the order in which their hits came in.
/// </summary>
internal sealed class NaivePeople
{
    private readonly Dictionary<string, string> _parents = [];
    private readonly Dictionary<Seen, string> _actor = [];

    public NaivePeople(IReadOnlyList<Seen> arrived)
    {
        var browsers = new Dictionary<string, NaiveBrowser>();
        foreach (var e in arrived)
        {
            if (e.IsBot) continue;
            var actor = e.Visitor.Length == 0 ? Encoding.UTF8.GetString(e.Record.Key[1..]) : "v:" + browsers.GetValueOrAdd(e.Visitor).WhoseIs(e);
            _actor[e] = actor;
            if (actor[0] is not ('o' or 'd')) foreach (var identifier in e.Identifiers) Join(actor, identifier);
        }
        foreach (var pair in arrived.Where(e => !e.IsBot && e.Record.Has(Field.OtherVisitorId)).GroupBy(Pair))
        {
            var last = pair.MaxBy(e => (e.At, e.Key))!;
            if (last.Name == "visitors_merged") Join("v:" + last.Visitor, "v:" + last[Field.OtherVisitorId]);
        }
        var buyers = arrived.Where(e => e is { IsBot: false, Name: "purchase", IsTrusted: true } && _actor[e][0] != 'o').GroupBy(e => e[Field.OrderId])
            .ToDictionary(g => "o:" + g.Key, g => _actor[g.First()]);
        foreach (var (e, actor) in _actor.ToList())
            if (buyers.TryGetValue(actor, out var buyer)) _actor[e] = buyer;
        Groups = [.. _actor.Where(a => a.Value[0] is not ('o' or 'd')).GroupBy(a => Root(a.Value)).Select(g => new NaiveGroup(
            string.Join(' ', g.Select(a => a.Value).Where(a => a[0] == 'v').Distinct().Order(StringComparer.Ordinal)), new NaivePerson(g.Select(a => a.Key))))];
    }

    public IReadOnlyList<NaiveGroup> Groups { get; }

    private static string Pair(Seen e) => string.Join('|', new[] { e.Visitor, e[Field.OtherVisitorId] }.Order(StringComparer.Ordinal));

    private string Root(string actor) => _parents.TryGetValue(actor, out var parent) ? Root(parent) : actor;

    private void Join(string one, string other)
    {
        var (a, b) = (Root(one), Root(other));
        if (a != b) _parents[a] = b;
    }
}

/// <param name="Visitors">The browsers that something is known of.</param>
internal sealed record NaiveGroup(string Visitors, NaivePerson Person);

/// <summary>One browser and the people who gave their e-mail or their account on it, in the order in which that came in.</summary>
internal sealed class NaiveBrowser(string visitor)
{
    private readonly List<(long At, ulong Key, NaiveUser User)> _named = [];
    private readonly List<NaiveUser> _users = [new(visitor)];

    public string WhoseIs(Seen e)
    {
        if (e.Record.Has(Field.OtherVisitorId)) return visitor;
        var before = _named.Where(n => (n.At, n.Key).CompareTo((e.At, e.Key)) <= 0).OrderBy(n => (n.At, n.Key)).ToList();
        var user = before.Count == 0 ? _users[0] : before[^1].User;
        if (!e.NamesPerson) return user.Actor;
        // An account that is known to be somebody's is his, whoever had the browser last: seed 878.
        user = _users.Find(u => u.IsKnownBy(e)) ?? (user.MayBe(e) ? user : Another(e));
        user.Learn(e);
        // Until a second one comes there is nothing to tell apart.
        if (_users.Count > 1) _named.Add((e.At, e.Key, user));
        return user.Actor;
    }

    private NaiveUser Another(Seen e)
    {
        _users.Add(new NaiveUser(Visitors.IdentifierHome.LeadOf("demo"u8, [.. Encoding.UTF8.GetBytes("v" + visitor), 0, .. Encoding.UTF8.GetBytes(e.Identifiers.First())]).ToString()));
        return _users[^1];
    }
}

/// <summary>Somebody at a browser: an e-mail decides who it is, an account where no e-mail does.</summary>
internal sealed class NaiveUser(string actor)
{
    private string _email = "", _account = "";

    public string Actor => actor;

    public bool IsKnownBy(Seen e) => e[Field.Email].Length > 0 ? e[Field.Email] == _email : e[Field.ExternalId].Length > 0 && e[Field.ExternalId] == _account;

    public bool MayBe(Seen e) => _email.Length > 0 && e[Field.Email].Length > 0
        ? _email == e[Field.Email]
        : _account.Length == 0 || e[Field.ExternalId].Length == 0 || _account == e[Field.ExternalId];

    public void Learn(Seen e)
    {
        if (_email.Length == 0) _email = e[Field.Email];
        if (_account.Length == 0) _account = e[Field.ExternalId];
    }
}

internal static class NaiveBrowsers
{
    public static NaiveBrowser GetValueOrAdd(this Dictionary<string, NaiveBrowser> browsers, string visitor)
    {
        if (!browsers.TryGetValue(visitor, out var browser)) browsers[visitor] = browser = new NaiveBrowser(visitor);
        return browser;
    }
}
