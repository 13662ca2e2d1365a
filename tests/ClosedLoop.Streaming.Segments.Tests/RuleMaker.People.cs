using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments.Tests;

/// <summary>Random people; half days and a few milliseconds, so that boundaries are met.</summary>
internal sealed partial class RuleMaker
{
    public Person Somebody()
    {
        var person = new Person { CartOpen = random.Next(2) == 0, Consented = random.Next(2) == 0 };
        if (Maybe()) person.Numbers[NumberMeasure.Orders] = random.Next(0, 5);
        if (Maybe()) person.Texts[TextMeasure.Channel] = Words[random.Next(3)];
        if (Maybe()) person.Arms["e"] = Words[random.Next(3)];
        if (Maybe()) person.Traits["t"] = Words[random.Next(3)];
        if (Maybe()) person.Traits["n"] = random.Next(4) == 0 ? "no number" : Plain(Days());
        if (Maybe()) person.Moments[TimeMeasure.LastVisit] = Moment();
        if (Maybe()) person.Moments[TimeMeasure.StageEntered] = Moment();
        foreach (var form in Words)
            if (Maybe()) person.Forms[form] = Moment();
        for (var n = random.Next(0, 14); n > 0; n--) person.Events.Add((Maybe() ? "x" : "y", Moment()));
        for (var n = random.Next(0, 3); n > 0; n--) person.Pages.Add("/" + Words[random.Next(3)]);
        return person;
    }

    private bool Maybe() => random.Next(3) > 0;

    private long Moment() => Person.Now - random.Next(0, 9) * Person.Day / 2 + random.Next(-2, 3);
}
