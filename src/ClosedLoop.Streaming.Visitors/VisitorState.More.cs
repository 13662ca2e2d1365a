using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>What few visitors have: merges with other browsers, and several people on one browser.</summary>
public sealed partial class VisitorState
{
    /// <summary>Takes what was said of this pair, unless something later is known. False when nothing changed.</summary>
    public bool Remember(in VisitorMerge said)
    {
        var other = said.Other;
        var at = Merges.FindIndex(m => m.Other == other);
        if (at < 0)
        {
            if (Merges.Count == MergesMax && !ForgetOne()) return false;
            Merges.Add(said);
            return true;
        }
        var known = Merges[at];
        var isLater = (said.At, said.Key).CompareTo((known.At, known.Key)) > 0;
        var merge = (isLater ? said : known) with { OtherLead = said.OtherLead == Id.None ? known.OtherLead : said.OtherLead };
        Merges[at] = merge;
        return merge != known;
    }

    // Of pairs that are still merged none is forgotten: rather a further one is refused, and the state marked.
    private bool ForgetOne()
    {
        var oldest = -1;
        for (var i = 0; i < Merges.Count; i++)
            if (!Merges[i].IsMerged && (oldest < 0 || Merges[i].At < Merges[oldest].At)) oldest = i;
        if (oldest < 0) History.Capped = true;
        else Merges.RemoveAt(oldest);
        return oldest >= 0;
    }

    /// <summary>Who had the browser at that moment: an index of <see cref="Personas"/>; 0 is the browser itself.</summary>
    public int PersonaAt(long at, ulong key)
    {
        for (var i = Switches.Count - 1; i >= 0; i--)
            if ((Switches[i].At, Switches[i].Key).CompareTo((at, key)) <= 0) return Switches[i].Persona;
        return 0;
    }

    public void Switch(long at, ulong key, int persona)
    {
        var place = Switches.Count;
        while (place > 0 && (Switches[place - 1].At, Switches[place - 1].Key).CompareTo((at, key)) > 0) place--;
        if (place > 0 && (Switches[place - 1].At, Switches[place - 1].Key) == (at, key)) return;
        Switches.Insert(place, new PersonaSwitch(at, key, persona));
        if (Switches.Count > SwitchesMax) Switches.RemoveAt(LeastTelling());
    }

    // Of hits of one person in a row those between the first and the last say least; without such, the oldest is given up.
    private int LeastTelling()
    {
        for (var i = 1; i + 1 < Switches.Count; i++)
            if (Switches[i - 1].Persona == Switches[i].Persona && Switches[i + 1].Persona == Switches[i].Persona) return i;
        return 0;
    }

    private void WriteMore(BlobWriter to)
    {
        var more = new BlobWriter();
        more.Unsigned((ulong)Merges.Count);
        foreach (var merge in Merges)
        {
            more.Text(Encoding.UTF8.GetBytes(merge.Other));
            more.Signed(merge.At);
            more.Fixed(merge.Key);
            more.Unsigned(merge.IsMerged ? 1UL : 0);
            more.Fixed(merge.OtherLead.High);
            more.Fixed(merge.OtherLead.Low);
        }
        more.Unsigned((ulong)Personas.Count);
        foreach (var persona in Personas)
        {
            more.Text(Encoding.UTF8.GetBytes(persona.VisitorId));
            more.Text(Encoding.UTF8.GetBytes(persona.Email));
            more.Text(Encoding.UTF8.GetBytes(persona.ExternalId));
            more.Text(Encoding.UTF8.GetBytes(persona.Phone));
        }
        more.Unsigned((ulong)Switches.Count);
        foreach (var change in Switches)
        {
            more.Signed(change.At);
            more.Fixed(change.Key);
            more.Unsigned((ulong)change.Persona);
        }
        to.Text(more.Written);
    }

    private void ReadMore(ReadOnlySpan<byte> bytes)
    {
        var from = new BlobReader(bytes);
        for (var n = from.Count(MergesMax); n > 0; n--)
            Merges.Add(new VisitorMerge(Text(ref from), from.Signed(), from.Fixed(), from.Count(1) == 1, new Id(from.Fixed(), from.Fixed())));
        for (var n = from.Count(PersonasMax); n > 0; n--) Personas.Add(new Persona(Text(ref from), Text(ref from), Text(ref from), Text(ref from)));
        for (var n = from.Count(SwitchesMax); n > 0; n--)
            Switches.Add(new PersonaSwitch(from.Signed(), from.Fixed(), from.Count(PersonasMax - 1)));
    }

    private static string Text(ref BlobReader from) => Encoding.UTF8.GetString(from[from.Text()]);
}
