namespace ClosedLoop.Streaming.Credit.Tests;

public sealed class AttributionTests
{
    [Theory]
    // model, days of the touches (d: direct), value, rows
    [InlineData(AttributionModel.FirstTouch, "0 1 2", 99.99, "1:99.99")]
    [InlineData(AttributionModel.LastTouch, "0 1 2", 99.99, "3:99.99")]
    [InlineData(AttributionModel.LastNonDirect, "0 1 2d", 99.99, "2:99.99")]
    [InlineData(AttributionModel.LastNonDirect, "0d 1d", 10, "2:10.00")]
    [InlineData(AttributionModel.Linear, "0 1 2", 100, "1:33.34 2:33.33 3:33.33")]
    [InlineData(AttributionModel.Linear, "0 1 2", 0.01, "1:0.01 2:0.00 3:0.00")]
    [InlineData(AttributionModel.Linear, "0 1 2", 0, "1:0.00 2:0.00 3:0.00")]
    [InlineData(AttributionModel.Linear, "0 1", 0.0003, "1:0.0002 2:0.0001")]
    [InlineData(AttributionModel.PositionBased, "0", 100, "1:100.00")]
    [InlineData(AttributionModel.PositionBased, "0 1", 100, "1:50.00 2:50.00")]
    [InlineData(AttributionModel.PositionBased, "0 1 2", 100, "1:40.00 2:20.00 3:40.00")]
    [InlineData(AttributionModel.PositionBased, "0 1 2 3 4 5", 100, "1:40.00 2:5.00 3:5.00 4:5.00 5:5.00 6:40.00")]
    [InlineData(AttributionModel.TimeDecay, "0 7 14", 70, "1:10.00 2:20.00 3:40.00")]
    [InlineData(AttributionModel.TimeDecay, "0 0", 10, "1:5.00 2:5.00")]
    [InlineData(AttributionModel.TimeDecay, "0 3.5", 100, "1:41.42 2:58.58")]
    public void Shares_by_model(AttributionModel model, string days, decimal value, string expected)
    {
        var touches = days.Split(' ').Select((day, i) => Ledgers.At(i + 1,
            double.Parse(day.TrimEnd('d'), System.Globalization.CultureInfo.InvariantCulture), day.EndsWith('d'))).ToArray();
        Assert.Equal(expected, Ledgers.Text(Ledgers.Post(Ledgers.Won(30, value), touches, model)));
    }

    [Theory]
    // The first touch is 200 days old, the lookback 90.
    [InlineData(AttributionModel.FirstTouch, "1:100.00")]
    [InlineData(AttributionModel.LastTouch, "3:100.00")]
    [InlineData(AttributionModel.Linear, "2:50.00 3:50.00")]
    [InlineData(AttributionModel.PositionBased, "1:40.00 2:20.00 3:40.00")]
    [InlineData(AttributionModel.TimeDecay, "2:33.33 3:66.67")]
    public void The_lookback_bounds_every_touch_but_the_first(AttributionModel model, string expected)
    {
        var touches = new[] { Ledgers.At(1, 0), Ledgers.At(2, 190), Ledgers.At(3, 197) };
        Assert.Equal(expected, Ledgers.Text(Ledgers.Post(Ledgers.Won(200, 100), touches, model)));
    }

    [Theory]
    [InlineData(AttributionModel.FirstTouch, "1:10.00")]
    [InlineData(AttributionModel.LastTouch, "-:10.00")]
    [InlineData(AttributionModel.LastNonDirect, "-:10.00")]
    [InlineData(AttributionModel.Linear, "-:10.00")]
    [InlineData(AttributionModel.PositionBased, "1:10.00")]
    [InlineData(AttributionModel.TimeDecay, "-:10.00")]
    public void A_path_that_is_older_than_the_lookback(AttributionModel model, string expected) =>
        Assert.Equal(expected, Ledgers.Text(Ledgers.Post(Ledgers.Won(200, 10), [Ledgers.At(1, 0), Ledgers.At(2, 3)], model)));

    [Fact]
    public void A_touch_exactly_as_old_as_the_lookback_counts_and_one_millisecond_more_does_not()
    {
        Assert.Equal("1:10.00", Ledgers.Text(Ledgers.Post(Ledgers.Won(90, 10), [Ledgers.At(1, 0)], AttributionModel.Linear)));
        var later = Ledgers.Won(90, 10) with { TimeMs = Ledgers.Start + 90 * Ledgers.Day + 1 };
        Assert.Equal("-:10.00", Ledgers.Text(Ledgers.Post(later, [Ledgers.At(1, 0)], AttributionModel.Linear)));
    }

    [Fact]
    public void No_touch_after_the_conversion_earns_and_one_at_the_same_moment_does()
    {
        foreach (var model in ModelNames.All)
        {
            Assert.Equal("-:10.00", Ledgers.Text(Ledgers.Post(Ledgers.Won(1, 10), [Ledgers.At(1, 1.1)], model)));
            Assert.Equal("1:10.00", Ledgers.Text(Ledgers.Post(Ledgers.Won(1, 10), [Ledgers.At(1, 1), Ledgers.At(2, 1.1)], model)));
        }
    }

    [Fact]
    public void Without_any_touch_the_whole_value_is_unattributed()
    {
        foreach (var model in ModelNames.All)
        {
            var row = Assert.Single(Ledgers.Post(Ledgers.Won(1, 12.34m), [], model));
            Assert.True(row.IsUnattributed);
            Assert.Equal((-1, 123_400, CreditRow.ShareWhole, 1), (row.Index, row.Amount, row.Share, row.Sign));
        }
    }

    [Fact]
    public void Wrong_input_is_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Ledgers.Post(Ledgers.Won(1, -1), [], AttributionModel.Linear));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ledgers.Post(Ledgers.Won(1, 1), [], AttributionModel.Linear, lookback: 0));
        Assert.Throws<ArgumentException>(() => Ledgers.Post(Ledgers.Won(1, 1), [Ledgers.At(1, 1), Ledgers.At(2, 0)], AttributionModel.Linear));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ledgers.Post(Ledgers.Won(1, 1), new Touch[Attribution.TouchesMax + 1], AttributionModel.Linear));
    }

    [Fact]
    public void Names_of_models_go_both_ways()
    {
        foreach (var model in ModelNames.All)
        {
            Assert.True(ModelNames.TryParse(ModelNames.Of(model), out var back));
            Assert.Equal(model, back);
        }
        Assert.False(ModelNames.TryParse("first", out _));
    }
}
