using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Simulation.Tests;

namespace ClosedLoop.Streaming.Reports.Tests;

/// <summary>A row of the report <c>channels</c>, added up one by one.</summary>
internal sealed class NaiveRow
{
    public HashSet<string> People { get; } = [];
    public Dictionary<string, decimal> Sums { get; } = [];
    /// <summary>How many conversions have a share in the row: each may be off by the last digit that is shared out.</summary>
    public int Shares { get; set; }

    public decimal this[string name] => name == "visitors" ? People.Count : Sums.GetValueOrDefault(name);

    public void Add(string name, decimal value) => Sums[name] = this[name] + value;
}

/// <summary>The report <c>channels</c> said once more, slowly: one loop over people, sessions and conversions.</summary>
internal sealed class NaiveChannels(ChannelsRequest request)
{
    private readonly SortedDictionary<(string Bucket, string Name), NaiveRow> _rows = [];
    private readonly long _known = request.KnownUntilUtc is { } until ? new DateTimeOffset(until).ToUnixTimeMilliseconds() : long.MaxValue;

    public IReadOnlyDictionary<(string Bucket, string Name), NaiveRow> Rows => _rows;

    public NaiveRow Total { get; } = new();

    public NaiveChannels Add(IEnumerable<PlantedPerson> people, IEnumerable<PlantedCost> costs)
    {
        foreach (var person in people.SelectMany(p => NaivePerson.Of(p, _known)))
        {
            foreach (var session in person.Sessions.Where(s => IsWithin(s.Start) && s.Start < _known)) Visit(person, session);
            foreach (var what in person.Conversions) Credit(person, what);
        }
        foreach (var cost in costs.Where(c => c.Date >= request.Scope.Period.From && c.Date <= request.Scope.Period.To && (request.AsKnownOn is not { } known || c.Date <= known)))
            foreach (var row in Of(Bucket(cost.Date), request.By switch { "source" => cost.Source, "campaign" => cost.Campaign, _ => cost.Channel }))
            {
                row.Add("cost", cost.Amount / (decimal)Money.Unit);
                row.Add("impressions", cost.Impressions);
                row.Add("clicks", cost.Clicks);
            }
        return this;
    }

    private void Visit(NaivePerson person, PlantedSession session)
    {
        foreach (var row in Of(Bucket(DayOf(session.Start)), NameOf(session.Source)))
        {
            row.People.Add(person.Name);
            row.Add("sessions", 1);
            if (session.IsEngaged || Ordered(person, session)) row.Add("engaged_sessions", 1);
            if (session.Source.HasLostReferrer) row.Add("lost_sessions", 1);
        }
    }

    // Only orders without a name come within a minute of a view; those of a lead come days later.
    private static bool Ordered(NaivePerson person, PlantedSession session) =>
        person.Conversions.Any(c => c.Kind == "order" && c.At > session.Views[^1].At && c.At < session.Views[^1].At + Planter.Minute);

    private void Credit(NaivePerson person, NaiveConversion what)
    {
        var first = person.Sessions.Select(s => s.Start).Where(at => at <= what.At).DefaultIfEmpty(what.At).Min();
        var counted = request.ByAcquisition ? first : what.At;
        if (!IsWithin(counted)) return;
        for (var n = 1; n <= request.Models.Count; n++)
        {
            ModelNames.TryParse(request.Models[n - 1], out var model);
            foreach (var (touch, share) in NaiveCredit.Of(model, person.Touches, what.At, 90))
            {
                var session = person.Sessions.FirstOrDefault(s => NaivePerson.IdOf(s) == touch);
                foreach (var row in Of(Bucket(DayOf(counted)), session is null ? "(unattributed)" : NameOf(session.Source))) Share(row, what, (decimal)share, n, what.At - first);
            }
        }
    }

    private static void Share(NaiveRow row, NaiveConversion what, decimal share, int model, long afterFirst)
    {
        row.Shares++;
        var sale = what.Kind is "order" or "deal";
        row.Add($"{(sale ? "conversion" : what.Kind)}s_{model}", share);
        if (what.Kind == "customer") row.Add($"days_{model}", share * afterFirst / Planter.Day);
        if (!sale) return;
        row.Add($"revenue_{model}", share * what.Value / Money.Unit);
        if (what.Profit is { } profit) row.Add($"profit_{model}", share * profit / Money.Unit);
        else row.Add($"profitless_{model}", share * what.Value / Money.Unit);
    }

    private NaiveRow[] Of(string bucket, string name)
    {
        if (!_rows.TryGetValue((bucket, name), out var row)) _rows[(bucket, name)] = row = new NaiveRow();
        return [row, Total];
    }

    private string NameOf(PlantedSource source) => request.By switch { "source" => source.Source, "campaign" => source.Campaign, _ => source.Channel };

    private bool IsWithin(long at) => DayOf(at) is var day && day >= request.Scope.Period.From && day <= request.Scope.Period.To;

    private DateOnly DayOf(long at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(at), request.Scope.Period.Zone).DateTime);

    private string Bucket(DateOnly day) => request.Interval switch
    {
        null => "",
        "week" => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)).ToString("yyyy-MM-dd"),
        "month" => new DateOnly(day.Year, day.Month, 1).ToString("yyyy-MM-dd"),
        _ => day.ToString("yyyy-MM-dd"),
    };
}
