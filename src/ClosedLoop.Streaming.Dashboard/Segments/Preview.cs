using System.Text;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Judges everybody by a set of rules that is not published, and notes who would enter and leave one segment.</summary>
internal sealed class Preview(PeopleShelves shelves, DashboardOptions options, TimeProvider time)
{
    /// <summary>States copied in one go under an owner's gate.</summary>
    private const int SliceSlotsMax = 512;

    private sealed class Side(int idsMax)
    {
        private readonly List<PersonName> _people = [];
        private long _count;

        public void Add(PersonName person)
        {
            _count++;
            if (_people.Count < idsMax) _people.Add(person);
        }

        public PreviewSide View() => new(_count, _people);
    }

    public async Task<PreviewView> RunAsync(RuleSet rules, string segment, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (enter, leave) = (new Side(options.PreviewIdsMax), new Side(options.PreviewIdsMax));
        var (members, judged) = (0L, 0L);
        var judgement = new Judgement();
        var segmentUtf8 = Encoding.UTF8.GetBytes(segment);
        var decoded = new Decoded();
        var slice = new List<(string Site, byte[] Key, byte[] State)>(SliceSlotsMax);
        Place? at = default(Place);
        while (at is { } here && time.GetElapsedTime(began).TotalSeconds < options.PreviewSecondsMax)
        {
            cancel.ThrowIfCancellationRequested();
            slice.Clear();
            // Copied under the gate, judged outside of it.
            at = shelves.Walk(here, SliceSlotsMax, (site, key, state) =>
            {
                slice.Add((Encoding.UTF8.GetString(site), key.ToArray(), state.ToArray()));
                return true;
            });
            foreach (var (site, key, state) in slice)
            {
                if (!decoded.TryRead(key, state)) continue;
                judged++;
                var (was, becomes) = Judge(rules, segmentUtf8, decoded, nowMs, judgement);
                if (becomes) members++;
                if (was != becomes) (becomes ? enter : leave).Add(Named(site, key));
            }
            // Other work on this core comes first.
            await Task.Yield();
        }
        return new PreviewView(segment, enter.View(), leave.View(), members, judged, at is null, ApiJson.Time(nowMs));
    }

    private static (bool Was, bool Becomes) Judge(RuleSet rules, byte[] segment, Decoded decoded, long nowMs, Judgement judgement)
    {
        var was = Has(decoded.Standing.Membership, segment);
        // A person's clock never goes back: somebody may have been judged by a record that is a little ahead.
        var changed = rules.Judge(decoded.Person, Math.Max(nowMs, decoded.Standing.JudgedMs), decoded.Standing.Membership, judgement);
        return (was, changed ? Has(judgement.Membership, segment) : was);
    }

    private static bool Has(ReadOnlySpan<byte> membership, byte[] segment)
    {
        var reader = new MembershipReader(membership);
        while (reader.MoveNext())
            if (reader.Name.SequenceEqual(segment)) return true;
        return false;
    }

    private static PersonName Named(string site, byte[] key)
    {
        var id = Encoding.UTF8.GetString(key.AsSpan(1));
        return key[0] == ActorKey.Lead ? new PersonName(site, null, id) : new PersonName(site, id, null);
    }

    /// <summary>One person after the other, in the same memory.</summary>
    private sealed class Decoded
    {
        private readonly VisitorState _visitor = new();
        private readonly LeadState _lead = new();

        public Person Person { get; } = new();
        public Standing Standing { get; private set; } = new();

        /// <summary>False for somebody who is judged elsewhere or never was.</summary>
        public bool TryRead(byte[] key, byte[] state)
        {
            if (key[0] == ActorKey.Lead)
            {
                if (StateHead.OfLead(state).Link == Link.Made) return false;
                _lead.Read(state);
                _lead.AsPerson(Person);
                Standing = _lead.Standing;
            }
            else
            {
                if (StateHead.OfVisitor(state).Link == Link.Made) return false;
                _visitor.Read(state);
                Person.Of(_visitor.History);
                Standing = _visitor.Standing;
            }
            return Standing.WasJudged;
        }
    }
}
