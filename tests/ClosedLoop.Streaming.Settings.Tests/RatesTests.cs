namespace ClosedLoop.Streaming.Settings.Tests;

public sealed class RatesTests
{
    private static readonly int Friday = new DateOnly(2026, 11, 20).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
    private static readonly Site Euro = new() { Id = "demo" };

    [Fact]
    public void A_day_without_a_rate_takes_the_last_one_that_is_young_enough()
    {
        Assert.True(Parse(out var table, "date,currency,rate", "# from the bank", "2026-11-20,USD,1.1", "2026-11-13,USD,1.2", "", "2026-11-20,GBP,0.8"));
        Assert.Equal(1.1m, table.Find("EUR", "USD", Friday, 7));
        Assert.Equal(1.1m, table.Find("EUR", "USD", Friday + 7, 7));
        Assert.Null(table.Find("EUR", "USD", Friday + 8, 7));
        Assert.Equal(1.2m, table.Find("EUR", "USD", Friday - 1, 7));
        Assert.Null(table.Find("EUR", "USD", Friday - 8, 7));
        Assert.Equal(1.1m / 0.8m, table.Find("GBP", "USD", Friday, 0));
        Assert.Null(table.Find("EUR", "PLN", Friday, 7));
    }

    [Theory]
    [InlineData("day,currency,rate", "line 1: the first line must be date,currency,rate.")]
    [InlineData("date,currency,rate\n20.11.2026,USD,1.1", "line 2: the date '20.11.2026' is no day from 1970 on, as in 2026-11-21.")]
    [InlineData("date,currency,rate\n2026-11-20,usd,1.1", "line 2: the currency 'usd' is not three capital letters, as in USD.")]
    [InlineData("date,currency,rate\n2026-11-20,USD,\"1,1\"", "line 2: has 4 values; there are three, as in 2026-11-21,USD,1.0923.")]
    [InlineData("date,currency,rate\n2026-11-20,USD,0", "line 2: the rate '0' is no number from 0.000001 to 1000000000, with a point.")]
    [InlineData("date,currency,rate\n2026-11-20,USD,1.1\n2026-11-20,USD,1.2", "line 3: USD of 2026-11-20 stands there already with the rate 1.1.")]
    [InlineData("date,currency,rate\n2026-11-20,EUR,1.1", "line 2: the rate of the base currency EUR is 1.")]
    public void A_mistake_names_its_line(string text, string mistake)
    {
        var mistakes = new List<string>();
        Assert.False(RateTable.TryParse(text.Split('\n'), "rates.csv", "EUR", out _, mistakes));
        Assert.Equal("rates.csv, " + mistake, Assert.Single(mistakes));
    }

    [Fact]
    public void Every_mistake_of_a_file_is_told_up_to_a_limit()
    {
        var mistakes = new List<string>();
        RateTable.TryParse(["date,currency,rate", .. Enumerable.Repeat("x", 30)], "rates.csv", "EUR", out _, mistakes);
        Assert.Equal(RateTable.MistakesMax + 1, mistakes.Count);
        Assert.Equal("rates.csv has 10 further mistakes.", mistakes[^1]);
    }

    [Theory]
    [InlineData(100, 1_000_000_000L, 100)]
    [InlineData(129.90, 909_090_909L, 118.09)]
    [InlineData(-129.90, 909_090_909L, -118.09)]
    [InlineData(0.05, 100_000_000L, 0.01)]
    [InlineData(0.04, 100_000_000L, 0)]
    public void A_converted_amount_is_rounded_to_the_cent(double amount, long rate, double converted)
    {
        Assert.True(new Exchange(rate).TryApply((long)((decimal)amount * 10_000), out var money));
        Assert.Equal((long)((decimal)converted * 10_000), money);
    }

    [Fact]
    public void What_is_too_much_at_the_rate_is_not_converted() => Assert.False(new Exchange(9_000_000_000L * Exchange.One).TryApply(1_000_000_0000L, out _));

    [Fact]
    public void A_changed_file_is_read_again_and_one_with_mistakes_is_not_taken()
    {
        var file = Path.GetTempFileName();
        try
        {
            var time = new Moments();
            File.WriteAllText(file, "date,currency,rate\n2026-11-20,USD,1.25\n");
            var rates = new Rates(new MoneyOptions { RatesFile = file }, time);
            Assert.Equal(800_000_000, rates.Find("USD", Euro, Friday)?.Billionths);
            File.WriteAllText(file, "date,currency,rate\n2026-11-20,USD,2.0\n2026-11-20,GBP,0.8\n");
            Assert.Equal(800_000_000, rates.Find("USD", Euro, Friday)?.Billionths);
            time.Pass(Rates.LookAgain);
            Assert.Equal(500_000_000, rates.Find("USD", Euro, Friday)?.Billionths);
            File.WriteAllText(file, "date,currency,rate\n2026-11-20,USD,nothing\n");
            time.Pass(Rates.LookAgain);
            Assert.Equal(500_000_000, rates.Find("USD", Euro, Friday)?.Billionths);
        }
        finally { File.Delete(file); }
    }

    [Fact]
    public void The_day_is_that_of_the_site()
    {
        var lateInLviv = DateTimeOffset.Parse("2026-11-20T23:30:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        Assert.Equal(Friday, Rates.DayOf(lateInLviv, Euro));
        Assert.Equal(Friday + 1, Rates.DayOf(lateInLviv, Euro with { TimeZone = "Europe/Kyiv" }));
    }

    [Fact]
    public void What_is_missing_is_named_with_day_and_currency()
    {
        Assert.Equal("The site counts in EUR, and there is no file of rates: none for USD on 2026-11-20. Set CLOSEDLOOP_RATES.", Rates.None.Missing("USD", Euro, Friday));
        Assert.Contains("from USD to EUR for 2026-11-20", new Rates(new MoneyOptions { RatesFile = "x" }, TimeProvider.System).Missing("USD", Euro, Friday), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_a_mistake_of_the_settings() =>
        Assert.Contains("does not exist", Assert.Single(new MoneyOptions { RatesFile = "/nowhere/rates.csv" }.Mistakes()), StringComparison.Ordinal);

    private static bool Parse(out RateTable table, params string[] lines)
    {
        var mistakes = new List<string>();
        var read = RateTable.TryParse(lines, "rates.csv", "EUR", out table, mistakes);
        Assert.Empty(mistakes);
        return read;
    }

    private sealed class Moments : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Pass(TimeSpan time) => _now += time.Ticks;
    }
}
