using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// Guests of the lead that names the person. It knows the connections of all of them: after each change whoever is no longer connected with it
/// is let go. Who hands on also hands over the ledger, and gets it back empty when let go, so nothing is ever posted twice.
/// </summary>
public sealed partial class LeadActor
{
    /// <summary>Bytes of all histories of one person; a guest that brings more is turned away for good.</summary>
    private const int PersonBytesMax = 640 * 1024;
    private const long ForEver = long.MaxValue - 1;

    /// <summary>A guest's histories as of now, or that it wants to go.</summary>
    public void OnPart(RecordReader handed)
    {
        Open(handed);
        var lead = handed.IdOf(Field.FromLead);
        var known = _state.Guests.Find(g => g.Lead == lead);
        var isGoing = handed.Int(Field.Deleted) == 1;
        // It has been let go already, or turned away: the answer is on its way.
        if (isGoing && (known is null || known.IsArriving || !_state.IsRoot)) return;
        var key = handed.Memory(Field.PartKey);
        var cause = CauseFields.Of(handed, key.Length > 1 && key.Span[0] == ActorKey.Visitor ? key[1..] : default);
        Begin(handed, cause);
        if (isGoing) Dismiss(handed, known!, cause);
        else if (known is { IsArriving: false } && _state.IsRoot) Update(handed, known, cause);
        else Arrive(handed, known, lead, cause);
        Save();
    }

    private void Dismiss(RecordReader asked, Guest guest, in Cause cause)
    {
        var turn = guest.Turn;
        _state.Guests.Remove(guest);
        Conclude(new Turnover(cause.AsLink(), asked, StageBefore(), true));
        SendReleased(asked, ActorKey.OfLead(guest.Lead), cause, turn, default, isVoid: false);
    }

    private void Update(RecordReader handed, Guest guest, in Cause cause)
    {
        Take(handed, guest);
        _state.Version = Math.Max(_state.Version, handed.Int(Field.LeadVersion));
        var ledger = handed.Int(Field.Handed);
        var posted = Posted(handed, guest);
        _state.Standing.Sequence = Math.Max(_state.Standing.Sequence, handed.Int(Field.Sequence));
        Conclude(new Turnover(cause, handed, StageBefore(), ledger != 0 || HasConversionSince(cause.OccurredMs)) { Posted = posted, VisitorId = VisitorOf(cause) });
    }

    private void Arrive(RecordReader handed, Guest? guest, Id lead, in Cause cause)
    {
        if (guest is null) _state.Guests.Add(guest = new Guest { Lead = lead });
        guest.IsArriving = true;
        Take(handed, guest);
        if (handed.Int(Field.MoreFollows) == 1) return;
        var posted = Posted(handed, guest);
        _state.Version = Math.Max(_state.Version, handed.Int(Field.LeadVersion));
        _state.Standing.Sequence = Math.Max(_state.Standing.Sequence, handed.Int(Field.Sequence));
        guest.IsArriving = false;
        var hasRoom = HasRoom();
        if (!hasRoom || !_state.IsRoot || guest.Turn < _state.Turn || !Reached().Contains(lead))
        {
            TurnAway(handed, guest, posted, cause, hasRoom);
            return;
        }
        TakeOverStanding(handed);
        var stage = StageTold(handed);
        Conclude(new Turnover(cause.AsLink(), handed, stage, true) { Posted = posted });
    }

    // What it had posted is taken back here, so that it begins anew wherever it goes: the ledger has one keeper at any time.
    private void TurnAway(RecordReader handed, Guest guest, (Person, Func<int, byte[]>)? posted, in Cause cause, bool hasRoom)
    {
        var isConnected = _state.IsRoot && Reached().Contains(guest.Lead);
        _state.Guests.Remove(guest);
        if (posted is not null) TellCredit(new Turnover(cause, handed, default, true) { Posted = posted });
        _state.Version++;
        if (!hasRoom) _state.Own.Capped = true;
        var next = !hasRoom ? default : !_state.IsRoot ? _state.Root : isConnected ? OwnLabel : default;
        SendReleased(handed, ActorKey.OfLead(guest.Lead), cause, guest.Turn, next, isVoid: true, hasRoom ? 0 : ForEver);
        // It came by a name that still stands, and must not come by it again.
        if (_state.IsRoot && hasRoom && guest.Turn == _state.Turn) BeginTurn(handed, cause);
    }

    private static (Person, Func<int, byte[]>)? Posted(RecordReader handed, Guest guest)
    {
        var ledger = handed.Int(Field.Handed);
        if ((ledger & VisitorActor.PostedAlone) != 0 && guest.Find(handed[Field.PartKey]) is { } part) return (new Person().Of(part.History), _ => part.Key);
        if ((ledger & VisitorActor.PostedWhole) == 0) return null;
        var person = new Person().Begin();
        foreach (var own in guest.Parts) person.Add(own.History);
        return (person, i => guest.Parts[i].Key);
    }

    private static void Take(RecordReader handed, Guest guest)
    {
        guest.Identifier = handed.Text(Field.Identifier);
        guest.Turn = Math.Max(guest.Turn, handed.Int(Field.RootTurn));
        guest.Knots.Clear();
        guest.Knots.AddRange(IdsOf(handed[Field.Knots]));
        if (!handed.Has(Field.PartKey)) return;
        var part = guest.Find(handed[Field.PartKey]);
        if (part is null) guest.Parts.Add(part = new GuestPart { Key = handed[Field.PartKey].ToArray() });
        else if (part.Version > handed.Int(Field.Version)) return;
        part.Version = handed.Int(Field.Version);
        HistoryCodec.Read(part.History, handed[Field.Payload]);
    }

    private bool HasRoom()
    {
        var parts = 1 + _state.BrowserCount + _state.Guests.Sum(g => g.Parts.Count);
        if (_state.Guests.Count > LeadState.GuestsMax || parts > LeadState.PartsMax) return false;
        bench.Blob.Clear();
        _state.Write(bench.Blob, bench.Scratch);
        return bench.Blob.Length <= PersonBytesMax;
    }

    /// <summary>Everybody who is connected with this lead; a connection counts as long as one side says so.</summary>
    private HashSet<Id> Reached()
    {
        var reached = new HashSet<Id> { _id };
        var named = new HashSet<Id>(Neighbours());
        for (var found = true; found;)
        {
            found = false;
            foreach (var guest in _state.Guests)
            {
                if (guest.IsArriving || reached.Contains(guest.Lead) || !named.Contains(guest.Lead) && !guest.Knots.Exists(reached.Contains)) continue;
                reached.Add(guest.Lead);
                named.UnionWith(guest.Knots);
                found = true;
            }
        }
        return reached;
    }

    /// <summary>Takes out who is no longer connected.</summary>
    private List<Guest> Divide()
    {
        if (_state.Guests.Count == 0) return [];
        var reached = Reached();
        var leaving = _state.Guests.Where(g => !g.IsArriving && !reached.Contains(g.Lead)).ToList();
        foreach (var guest in leaving) _state.Guests.Remove(guest);
        return leaving;
    }

    /// <summary>Takes out the browser of a lead that no identifier names and no merge holds any longer.</summary>
    private List<Handed> Free()
    {
        if (!_state.IsUnnamed || !_state.IsRoot || _state.Guests.Count > 0 || Neighbours().Count > 0) return [];
        var free = new List<Handed>();
        for (var i = 0; i < _state.BrowserCount; i++)
        {
            if (_state[i].IsMerged) return [];
            free.Add(_state[i]);
        }
        _state.RemoveBrowsers();
        // What a rule found of them together is nobody's.
        if (free.Count > 0) _state.Own.Steps.Clear();
        return free;
    }

    private void LetGo(in Turnover turnover, List<Guest> leaving, List<Handed> free)
    {
        var cause = turnover.Cause.AsLink();
        foreach (var guest in leaving) SendReleased(turnover.Because, ActorKey.OfLead(guest.Lead), cause, _state.Turn, default, isVoid: true);
        if (leaving.Count > 0) BeginTurn(turnover.Because, cause);
        foreach (var browser in free)
        {
            SendLinked(browser, deleted: true);
            SendReleased(turnover.Because, VisitorKey(browser), cause, 0, default, isVoid: false);
        }
        if (free.Count == 0) return;
        SendName();
        _state.Standing.Leave();
    }

    private void BeginTurn(RecordReader because, in Cause cause)
    {
        _state.Turn++;
        foreach (var guest in _state.Guests)
        {
            if (guest.IsArriving) continue;
            guest.Turn = _state.Turn;
            SendMet(because, guest.Lead, cause, "", asGuest: true);
        }
    }

    private static string VisitorOf(in Cause cause) => FactWriter.Text(cause.VisitorId.Span);
}
