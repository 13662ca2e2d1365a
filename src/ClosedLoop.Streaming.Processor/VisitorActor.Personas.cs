using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// Several people on one browser. The first who is named keeps the browser's own visitor; whoever gives another e-mail, or another id of the
/// site's, gets a visitor of its own, and hits without a name go to who was named last before them. Nobody's history is moved.
/// </summary>
public sealed partial class VisitorActor
{
    private static bool NamesSomebody(RecordReader e) => e.Has(Field.Email) || e.Has(Field.ExternalId) || e.Has(Field.Phone);

    /// <summary>True when the hit is another person's and was sent on.</summary>
    private bool SentToAnother(RecordReader e)
    {
        if (e.Has(Field.OtherVisitorId) || (e.Flags & EventFlags.ActOnly) != 0 || e.Has(Field.BotClass)) return false;
        var key = HistoryWriter.KeyOf(e);
        var persona = _state.PersonaAt(e.OccurredMs, key);
        // Said again it gives nobody the browser, though it came first when there was only one to name.
        if (NamesSomebody(e) && !Repetition.IsSaidAgain(_state.History, e, key))
        {
            persona = PersonaOf(e, persona);
            if (_state.Personas.Count > 1) _state.Switch(e.OccurredMs, key, persona);
        }
        if (persona == 0) return false;
        // The browser remembers all its hits, because a repetition may find another person in its place.
        if (Repetition.IsNew(_state.History, e, key)) SendTo(e, persona);
        else bench.Counters.Duplicates++;
        SaveOwn();
        return true;
    }

    private void SendTo(RecordReader e, int persona)
    {
        var target = ActorKey.OfVisitor(_state.Personas[persona].VisitorId);
        var forward = bench.Message.Begin(RecordKind.Forwarded, e.TimeMs, Id.Derive(e.Id, target, RecordKind.Forwarded, 0), e.Site, target)
            .Add(Field.Payload, e.Record.Span);
        bench.Outbox.Message(e.Site, target, forward.Written);
        bench.Counters.ForwardedOut++;
    }

    private int PersonaOf(RecordReader e, int inForce)
    {
        var said = new Persona("", e.Text(Field.Email), e.Text(Field.ExternalId), e.Text(Field.Phone));
        if (_state.Personas.Count == 0)
        {
            var own = Own();
            // One identifier of one person needs no table.
            var isMergedOnly = _state.Identifier is ['v', ..];
            if (!isMergedOnly && !Differ(own, said) && (own == default || own == Both(own, said)) && IsOneKind(said)) return 0;
            _state.Personas.Add(own == default ? new Persona("", "", "", "") : own);
        }
        var at = _state.Personas.FindIndex(p => IsSame(p, said));
        if (at < 0 && !Differ(_state.Personas[inForce], said)) at = inForce;
        if (at < 0) at = AddPersona(e, said);
        if (at >= 0) _state.Personas[at] = Both(_state.Personas[at], said);
        return at < 0 ? inForce : at;
    }

    private int AddPersona(RecordReader e, Persona said)
    {
        if (_state.Personas.Count == VisitorState.PersonasMax)
        {
            _state.History.Capped = true;
            return -1;
        }
        // Before the first change everything was the browser's own person's.
        var identifier = said.Email.Length > 0 ? "e:" + said.Email : "x:" + said.ExternalId;
        _state.Personas.Add(new Persona(IdentifierHome.LeadOf(e.Site, [.. e.Key, 0, .. System.Text.Encoding.UTF8.GetBytes(identifier)]).ToString(), "", "", ""));
        return _state.Personas.Count - 1;
    }

    /// <summary>What the state knows of its own person without a table.</summary>
    private Persona Own() => _state.Identifier switch
    {
        ['e', ':', ..] => new Persona("", _state.Identifier[2..], "", ""),
        ['x', ':', ..] => new Persona("", "", _state.Identifier[2..], ""),
        ['p', ':', ..] => new Persona("", "", "", _state.Identifier[2..]),
        _ => default,
    };

    private static bool IsOneKind(Persona said) => new[] { said.Email, said.ExternalId, said.Phone }.Count(s => s.Length > 0) == 1;

    private static bool IsSame(Persona known, Persona said) => said.Email.Length > 0
        ? known.Email == said.Email
        : said.ExternalId.Length > 0 && known.ExternalId == said.ExternalId;

    // An e-mail decides; ids only where one of the two has none.
    private static bool Differ(Persona known, Persona said)
    {
        if (known.Email is { Length: > 0 } && said.Email.Length > 0) return known.Email != said.Email;
        return known.ExternalId is { Length: > 0 } && said.ExternalId.Length > 0 && known.ExternalId != said.ExternalId;
    }

    private static Persona Both(Persona known, Persona said) => known with
    {
        Email = known.Email is { Length: > 0 } ? known.Email : said.Email,
        ExternalId = known.ExternalId is { Length: > 0 } ? known.ExternalId : said.ExternalId,
        Phone = known.Phone is { Length: > 0 } ? known.Phone : said.Phone,
    };
}
