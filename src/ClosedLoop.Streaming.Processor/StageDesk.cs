using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// Notes that a rule of the site moved a lead, and tells the conversion that this is. The step stays in the memory, so that nobody falls back
/// when the rule holds no more; back is only by a person's word.
/// </summary>
public sealed class StageDesk(RulesBook book, FactWriter facts, CreditDesk credit)
{
    private LeadState? _lead;

    /// <summary>Steps since the lead was opened.</summary>
    public List<StageStep> Raised { get; } = [];

    /// <summary>Only leads are moved by rules; an anonymous visitor is none.</summary>
    public bool IsOpen => _lead is not null && facts.Key is [ActorKey.Lead, ..];

    /// <summary>The lead that is judged from here on.</summary>
    public void Open(LeadState lead)
    {
        _lead = lead;
        Raised.Clear();
    }

    /// <summary>Puts the step into the lead's memory. Of the credit only what the step changes is told.</summary>
    public void Raise(Person person, long now, Stage stage, Id cause)
    {
        var site = facts.Site.ToArray();
        var key = facts.Key.ToArray();
        var rules = book.Of(site);
        byte[] KeyOf(int part) => _lead!.KeyOf(part, key);
        var step = new StageStep(now, (cause.High ^ cause.Low) + (ulong)stage, stage, Explicit: false, Back: false, ByRule: true);
        credit.Begin();
        credit.Before(person, site, rules, KeyOf);
        _lead!.Own.Raise(step);
        credit.Now(person, site, rules, KeyOf);
        credit.Tell(rules, _lead.Version, "");
        Raised.Add(step);
    }
}
