namespace ClosedLoop.Streaming.Settings;

/// <summary>Settings of currencies (section <c>Money</c>).</summary>
public sealed class MoneyOptions
{
    /// <summary>Path of the rates, a CSV of <c>date,currency,rate</c>; also CLOSEDLOOP_RATES. Null: only each site's own currency is accepted.</summary>
    public string? RatesFile { get; set; }

    /// <summary>The currency that all rates are against: a rate is what one unit of it buys. It needs no rows.</summary>
    public string Base { get; set; } = "EUR";

    /// <summary>Days for which a rate goes on when the file has no newer one: weekends and holidays have none.</summary>
    public int RateAgeDaysMax { get; set; } = 7;

    /// <summary>Every mistake as a sentence, those of the file included. Empty: none.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        if (Base.Length != 3 || !Base.All(char.IsAsciiLetterUpper)) mistakes.Add($"ClosedLoop:Money:Base is '{Base}'; allowed are three capital letters, as in EUR.");
        if (RateAgeDaysMax is < 0 or > 366) mistakes.Add($"ClosedLoop:Money:RateAgeDaysMax is {RateAgeDaysMax}; allowed are 0 to 366 days.");
        if (mistakes.Count == 0 && RatesFile is not null) RateTable.TryRead(RatesFile, Base, out _, mistakes);
        return mistakes;
    }
}
