using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

public sealed partial class LeadActor
{
    private void TakeOver(RecordReader handing, Handed browser)
    {
        // What the browser told of conversions while it was anonymous is older than anything that is told here.
        _state.Version = Math.Max(_state.Version, handing.Int(Field.Version));
        browser.SinceMs = handing.TimeMs;
        browser.Identifier = handing.Text(Field.Identifier);
        if (!handing.Has(Field.Membership)) return;
        var from = new BlobReader(handing[Field.Membership]);
        _standing.Read(ref from);
        if (!_state.Standing.WasJudged) _state.Standing.TakeOver(_standing);
        else _state.Standing.Sequence = Math.Max(_state.Standing.Sequence, _standing.Sequence);
    }

    private void LearnIdentifiers(RecordReader from, ReadOnlySpan<byte> site, string cameBy = "")
    {
        var given = ActorKey.IdentifiersOf(from.TextOrNull(Field.Email), from.TextOrNull(Field.ExternalId), from.TextOrNull(Field.Phone)).ToList();
        if (cameBy.Length == 0) cameBy = from.Text(Field.Identifier);
        if (cameBy.Length > 0 && !given.Contains(cameBy)) given.Insert(0, cameBy);
        // Another e-mail than the known ones may be another person's: such a hit teaches nothing here.
        var email = given.Find(i => i.StartsWith("e:", StringComparison.Ordinal));
        var knowsEmail = _state.Identifiers.Exists(i => i.StartsWith("e:", StringComparison.Ordinal));
        if (email is not null && knowsEmail && !_state.Identifiers.Contains(email)) return;
        foreach (var identifier in given)
        {
            if (_state.Identifiers.Contains(identifier) || _state.Identifiers.Count == LeadState.IdentifiersMax) continue;
            _state.Identifiers.Add(identifier);
            if (identifier == cameBy) continue;
            var target = ActorKey.OfIdentifier(identifier);
            var lead = Id.TryParse(FactWriter.Text(bench.Facts.Key[1..]), out var id) ? id : Id.None;
            var tell = bench.Message.Begin(RecordKind.IdentifierGiven, from.TimeMs, Id.Derive(from.Id, target, RecordKind.IdentifierGiven, 0), site, target)
                .Add(Field.LeadId, lead);
            bench.Outbox.Message(site, target, tell.Written);
        }
    }

    private void SendLinked(Handed browser)
    {
        bench.Facts.Begin(RecordKind.LeadLinked).Add(Field.VisitorId, browser.VisitorId).Add(Field.Identifier, browser.Identifier)
            .Add(Field.Evidence, browser.Identifier.StartsWith("e:", StringComparison.Ordinal) ? "email"u8 : browser.Identifier.StartsWith("p:", StringComparison.Ordinal) ? "phone"u8 : "external_id"u8)
            .Add(Field.Version, 1L);
        bench.Facts.Send();
    }
}
