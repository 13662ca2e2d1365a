using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>What a lead learns of who it is: its own identifier, identifiers given beside it, browsers that its browsers were merged with.</summary>
public sealed partial class LeadActor
{
    /// <param name="wasSaid">An event came under this identifier; otherwise it was only given beside another, which then comes first.</param>
    private void BeHomeOf(string identifier, long timeMs, bool wasSaid)
    {
        if (_state.Since != 0) return;
        _state.Identifier = identifier;
        _state.Since = identifier is ['v', ..] ? RootLabel.Unnamed : Math.Max(1, timeMs * 2 + (wasSaid ? 0 : 1));
    }

    private void TakeOver(RecordReader handing, Handed browser)
    {
        // What the browser told of conversions while it was anonymous is older than anything that is told here.
        _state.Version = Math.Max(_state.Version, handing.Int(Field.Version));
        browser.SinceMs = handing.TimeMs;
        browser.Identifier = handing.Text(Field.Identifier);
        TakeOverStanding(handing);
    }

    private void TakeOverStanding(RecordReader handing)
    {
        if (!handing.Has(Field.Membership)) return;
        var from = new BlobReader(handing[Field.Membership]);
        _standing.Read(ref from);
        // Only of somebody who was judged until now: what was put aside for a while is no word on today.
        var wasPerson = (handing.Int(Field.Handed) & (VisitorActor.PostedAlone | VisitorActor.PostedWhole)) != 0;
        if (!_state.Standing.WasJudged && _standing.WasJudged && wasPerson)
        {
            _state.Standing.TakeOver(_standing);
            bench.Judge.Renew(_state.Standing);
        }
        _state.Standing.Sequence = Math.Max(_state.Standing.Sequence, Math.Max(_standing.Sequence, handing.Int(Field.Sequence)));
    }

    /// <summary>Identifiers of one event are one person's, for good.</summary>
    private void LearnIdentifiers(RecordReader from)
    {
        foreach (var identifier in ActorKey.IdentifiersOf(from.TextOrNull(Field.Email), from.TextOrNull(Field.ExternalId), from.TextOrNull(Field.Phone)))
        {
            if (identifier == _state.Identifier) continue;
            var lead = IdentifierHome.LeadOf(bench.Facts.Site, System.Text.Encoding.UTF8.GetBytes(identifier));
            if (_state.Knots.Contains(lead) || lead == _id) continue;
            if (_state.Knots.Count == LeadState.KnotsMax)
            {
                _state.Own.Capped = true;
                continue;
            }
            _state.Knots.Add(lead);
            SendMet(from, lead, VisitorActorCause(from), identifier);
        }
    }

    private static Cause VisitorActorCause(RecordReader record) =>
        (record.Kind == RecordKind.Event ? VisitorActor.CauseOf(record) : CauseFields.Of(record)).AsLink();

    private void LearnMerges(Handed browser, RecordReader handing)
    {
        browser.IsMerged = handing.Int(Field.IsMerged) == 1;
        var earlier = browser.Knots.ToList();
        browser.Knots.Clear();
        foreach (var lead in IdsOf(handing[Field.Knots]))
        {
            if (lead == _id || browser.Knots.Contains(lead) || browser.Knots.Count == VisitorState.MergesMax) continue;
            browser.Knots.Add(lead);
            if (!earlier.Contains(lead)) _newlyMet.Add(lead);
        }
    }

    private void Greet(RecordReader record, in Cause cause)
    {
        foreach (var lead in _newlyMet) SendMet(record, lead, cause.AsLink(), "");
    }

    /// <summary>All leads that this one is connected with.</summary>
    private List<Id> Neighbours()
    {
        var all = _state.Knots.ToList();
        for (var i = 0; i < _state.BrowserCount; i++)
            foreach (var lead in _state[i].Knots)
                if (!all.Contains(lead)) all.Add(lead);
        return all;
    }

    private static List<Id> IdsOf(ReadOnlySpan<byte> bytes)
    {
        var ids = new List<Id>();
        for (var at = 0; at + Id.Bytes <= bytes.Length; at += Id.Bytes) ids.Add(Id.Read(bytes[at..]));
        return ids;
    }

    private static byte[] BytesOf(List<Id> ids)
    {
        var bytes = new byte[ids.Count * Id.Bytes];
        for (var i = 0; i < ids.Count; i++) ids[i].Write(bytes.AsSpan(i * Id.Bytes));
        return bytes;
    }
}
