using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>What an event says of the person: forms, contacts, satisfaction, consent, traits, named sources.</summary>
internal static class PersonWriter
{
    public static void Apply(History history, RecordReader e, long at, ulong key, scoped in ResolvedSource source, SiteRules site)
    {
        var name = e[Field.Name];
        history.ExternalId = HistoryWriter.Latest(history, history.ExternalId, e[Field.ExternalId], at, key);
        history.EmailSealed = HistoryWriter.Latest(history, history.EmailSealed, e[Field.EmailSealed], at, key);
        if (e.Has(Field.Traits)) TraitReader.Read(history, e[Field.Traits], at, key);
        if (name.SequenceEqual("form_submit"u8)) Form(history, e[Field.Form], at);
        else if (name.SequenceEqual("contacted"u8)) Contacted(history, e, at);
        else if (name.SequenceEqual("satisfaction_scored"u8)) Scored(history, (int)e.Int(Field.Score), at, key);
        else if (name.SequenceEqual("consent"u8) && e.Has(Field.Consent)) Consented(history, e[Field.Consent], at);
        Categories(history, e, name, at);
        SaysSource(history, e, name, at, key, source, site);
        CodeWriter.Apply(history, e, at, key, site);
    }

    private static void Form(History history, ReadOnlySpan<byte> form, long at)
    {
        form = form.IsEmpty ? "contact"u8 : Utf8Cut.To(form, Limits.NameBytesMax);
        foreach (ref var known in history.Forms.Span)
        {
            if (!history[known.Name].SequenceEqual(form)) continue;
            known.At = Math.Max(known.At, at);
            return;
        }
        if (history.Forms.Count == Limits.FormsMax) history.Capped = true;
        else history.Forms.Add(new NamedMoment(history.Keep(form, Limits.NameBytesMax), at));
    }

    private static void Contacted(History history, RecordReader e, long at)
    {
        if (at > history.LastContact) history.LastContact = at;
        Tally(history, history.ContactChannels, e[Field.ContactChannel], 1, at, Limits.ContactChannelsMax);
    }

    private static void Scored(History history, int score, long at, ulong key)
    {
        // The door refuses others; a record that says so all the same must not make the state unreadable.
        if (score is < 0 or > 10) return;
        if (history.Score >= 0 && (history.ScoreAt > at || history.ScoreAt == at && history.ScoreKey >= key)) return;
        (history.Score, history.ScoreAt, history.ScoreKey) = (score, at, key);
    }

    private static void Consented(History history, ReadOnlySpan<byte> choice, long at)
    {
        // Two choices of one moment: the refusal stands, whichever came in first.
        if (at < history.ConsentAt || at == history.ConsentAt && history.ConsentSaid == 2) return;
        (history.ConsentSaid, history.ConsentAt) = (choice.SequenceEqual("accept"u8) ? 1 : 2, at);
    }

    // What people buy says most of what they like, then what they put aside, then what they look at.
    private static void Categories(History history, RecordReader e, ReadOnlySpan<byte> name, long at)
    {
        var rest = e[Field.Categories];
        if (rest.IsEmpty) return;
        var weight = name.SequenceEqual("purchase"u8) ? 5 : name.SequenceEqual("add_to_cart"u8) ? 2 : 1;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)0x1F);
            Tally(history, history.Categories, end < 0 ? rest : rest[..end], weight, at, Limits.CategoriesMax);
            rest = end < 0 ? default : rest[(end + 1)..];
        }
    }

    private static void Tally(History history, Slots<NamedCount> tallies, ReadOnlySpan<byte> name, long weight, long at, int max)
    {
        if (name.IsEmpty) return;
        name = Utf8Cut.To(name, Limits.NameBytesMax);
        foreach (ref var tally in tallies.Span)
        {
            if (!history[tally.Name].SequenceEqual(name)) continue;
            tally.Count += weight;
            tally.LastAt = Math.Max(tally.LastAt, at);
            return;
        }
        if (tallies.Count == max) history.Capped = true;
        else tallies.Add(new NamedCount(history.Keep(name, Limits.NameBytesMax), weight, at));
    }

    /// <summary>"How did you hear about us", and a sales contact with a campaign, are touches with their own evidence.</summary>
    private static void SaysSource(History history, RecordReader e, ReadOnlySpan<byte> name, long at, ulong key, scoped in ResolvedSource source, SiteRules site)
    {
        var isSales = name.SequenceEqual("contacted"u8) && (e.Has(Field.Campaign) || e.Has(Field.Source) || e.Has(Field.Medium));
        var heard = e[Field.HeardFrom];
        if (!isSales && heard.IsEmpty) return;
        if (history.Said.Count == Limits.SaidSourcesMax)
        {
            history.Capped = true;
            return;
        }
        var index = isSales ? history.SourceOf(source) : history.SourceOf(Reported(heard, site));
        var place = history.Said.Count;
        while (place > 0 && (history.Said[place - 1].At > at || history.Said[place - 1].At == at && history.Said[place - 1].Key > key)) place--;
        history.Said.Insert(place, new SaidSource(at, key, index, (byte)(isSales ? 2 : 1)));
    }

    private static ResolvedSource Reported(ReadOnlySpan<byte> heard, SiteRules site)
    {
        var verdict = SourceRules.ResolveReported(heard, site);
        return new ResolvedSource { Channel = verdict.Channel, Source = verdict.Source, Medium = verdict.Medium };
    }
}
