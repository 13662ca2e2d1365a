using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Live states as people: what the states hold now, at most a second or two behind the clock where silence is concerned.</summary>
internal sealed class PersonReader(LivePeople people, TimeProvider time)
{
    /// <summary>Null when nothing of this visitor was ever stored.</summary>
    public PersonView? Visitor(string site, string visitorId)
    {
        if (people.Visitor(site, visitorId) is not { } visitor) return null;
        var own = new Person().Of(visitor.History);
        var key = ActorKey.OfVisitor(visitorId);
        var visits = new Visits(own, site, _ => key);
        // Between the two halves of a link the lead may not be readable yet; then the visitor stands for itself.
        var found = visitor.Link == Link.Made ? people.Person(site, visitor.Lead) : null;
        var whole = found?.State.AsPerson(new Person()) ?? own;
        return View(site, own, whole, found?.State.Standing ?? visitor.Standing, visits) with
        {
            VisitorId = visitorId, VisitorIds = [visitorId], LeadId = visitor.Link == Link.Made ? (found?.Lead ?? visitor.Lead).ToString() : null,
        };
    }

    /// <summary>The person that this lead belongs to, under the name that stands. Null when there is no such lead, or nobody there any more.</summary>
    public PersonView? Lead(string site, Id id)
    {
        if (people.Person(site, id) is not { } found || found.State.IsEmpty) return null;
        var person = found.State.AsPerson(new Person());
        var own = ActorKey.OfLead(found.Lead);
        var visits = new Visits(person, site, part => found.State.KeyOf(part, own));
        return View(site, person, person, found.State.Standing, visits) with { VisitorIds = [.. found.State.VisitorIds()], LeadId = found.Lead.ToString() };
    }

    private PersonView View(string site, Person visited, Person whole, Standing standing, Visits visits)
    {
        whole.TryNumber(NumberMeasure.Revenue, out var revenue);
        return new PersonView
        {
            Site = site, VisitorIds = [],
            ExternalId = Text(whole.ExternalId),
            FirstSeen = ApiJson.Time(visited.MomentOf(TimeMeasure.FirstVisit)), LastSeen = ApiJson.Time(visited.MomentOf(TimeMeasure.LastVisit)),
            Sessions = visited.SessionCount, PageViews = visited.PageViews,
            Stage = Text(whole.TextOf(TextMeasure.Stage)) ?? "visitor", Orders = whole.Orders().Count, Revenue = Math.Round((decimal)revenue, 4),
            FirstTouch = visits.First, LastTouch = visits.Last, LastNonDirectTouch = visits.LastNonDirect,
            Segments = [.. MembershipReader.List(standing.Membership).Select(m => new SegmentSince(m.Name, ApiJson.Time(m.SinceMs)))],
            CurrentSession = visits.Current(time.GetUtcNow().ToUnixTimeMilliseconds()),
            Journey = visits.Journey(), Traits = Traits(whole),
            Affinity = Text(whole.TextOf(TextMeasure.Affinity)), PreferredContact = Text(whole.TextOf(TextMeasure.PreferredContact)),
            StageTurns = StageTurns.Of(whole),
            Capped = whole.Parts.Any(p => p.Capped),
        };
    }

    private static Dictionary<string, string> Traits(Person person)
    {
        var traits = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in person.Parts)
            foreach (ref readonly var trait in part.Traits.Span)
                if (person.Trait(part[trait.Name]) is { IsEmpty: false } value) traits.TryAdd(Encoding.UTF8.GetString(part[trait.Name]), Encoding.UTF8.GetString(value));
        return traits;
    }

    private static string? Text(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? null : Encoding.UTF8.GetString(utf8);
}
