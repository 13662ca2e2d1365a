using System.Globalization;
using System.Text;
using System.Text.Json;
using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>
/// The story of the Credit room's README: a mail opened on the phone, a search ad on the laptop, the form, MQL, SQL, a deal of 1,000.00 won,
/// a refund of 200.00. The ledger after the win and after the refund is a golden file.
/// </summary>
public sealed class LedgerStory
{
    private const long Start = 1_795_000_000_000;
    private const long Minute = 60_000, Day = 24 * 60 * Minute;

    [Fact]
    public void The_ledger_of_the_story_is_the_written_one()
    {
        using var world = Won();
        var text = new StringBuilder("deal won, 1,000.00\n");
        var before = Deal(world);
        Write(text, before);
        Runs(text, before, 1_000);
        Refund(world);
        var after = Deal(world);
        text.Append("\nrefund of 200.00\n");
        Write(text, [.. after.Skip(before.Count)]);
        Runs(text, after, 800);
        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "ledger-story.txt")).ReplaceLineEndings("\n");
        Assert.Equal(golden, text.ToString());
    }

    [Fact]
    public void Before_and_after_every_model_sums_to_the_deal()
    {
        using var world = Won();
        Assert.All(Deal(world).GroupBy(r => r[Field.Model]), model => Assert.Equal(1_000 * Money.Unit, model.Sum(r => r.Int(Field.Amount) * r.Int(Field.Sign))));
        Refund(world);
        Assert.Equal(ModelNames.All.Count, Deal(world).GroupBy(r => r[Field.Model]).Count());
        Assert.All(Deal(world).GroupBy(r => r[Field.Model]), model => Assert.Equal(800 * Money.Unit, model.Sum(r => r.Int(Field.Amount) * r.Int(Field.Sign))));
    }

    [Fact]
    public void The_growth_team_hears_of_the_win_and_of_the_refund()
    {
        using var world = Won();
        Refund(world);
        var told = Fact.Of(world, RecordKind.DealAttributed);
        Assert.Equal([("won", 1_000L, 0L), ("corrected", 800L, 1_000L)],
            told.Select(f => (f[Field.Change], f.Int(Field.Revenue) / Money.Unit, f.Int(Field.Amount) / Money.Unit)));
        Assert.Equal(["deal_won", "refund"], told.Select(f => f[Field.CauseName]));
        Assert.True(told[0].Int(Field.Sequence) < told[1].Int(Field.Sequence));
        var touches = JsonDocument.Parse(told[1][Field.Payload]).RootElement.GetProperty("touches").EnumerateArray().ToList();
        Assert.Equal(["Email", "Paid Search"], touches.Select(t => t.GetProperty("channel").GetString()));
        Assert.Equal(800m, touches[0].GetProperty("credit").GetProperty("first_touch").GetProperty("amount").GetDecimal());
        Assert.Equal(0.5m, touches[1].GetProperty("credit").GetProperty("linear").GetProperty("share").GetDecimal());
        Assert.False(touches[1].GetProperty("credit").TryGetProperty("first_touch", out _));
    }

    [Fact]
    public void A_late_touch_corrects_the_credit_and_a_loss_withdraws_it()
    {
        using var world = Won();
        world.Append(Hit.Page("phone", Start + Day).Campaign("partner", "affiliate").Received(Start + 21 * Day).Record());
        world.Append(Hit.About("deal_lost", "e:anna", Start + 22 * Day).Flag(EventFlags.Verified).With(Field.DealId, "D-1").With(Field.Reason, "price").Record());
        world.Run();
        Assert.Equal(["won", "corrected", "withdrawn"], Fact.Of(world, RecordKind.DealAttributed).OrderBy(f => f.Int(Field.Sequence)).Select(f => f[Field.Change]));
        Assert.Equal(0, Deal(world).Sum(r => r.Int(Field.Amount) * r.Int(Field.Sign)));
    }

    [Fact]
    public void A_win_that_is_told_long_afterwards_is_history()
    {
        using var world = new World.World();
        world.Append(Hit.Of("form_submit", "v", Start).Email("old").Record());
        world.Run();
        world.Append(Hit.About("deal_won", "e:old", Start).Received(Start + 3 * Day).Flag(EventFlags.Verified).With(Field.DealId, "D-2").With(Field.Revenue, 5 * Money.Unit).Record());
        world.Run();
        Assert.Equal(1, Assert.Single(Fact.Of(world, RecordKind.DealAttributed)).Int(Field.History));
    }

    private static World.World Won()
    {
        var world = new World.World();
        void Then(Hit hit)
        {
            world.Append(hit.Record());
            world.Run();
        }
        Then(Hit.Page("phone", Start, "/news").Campaign("newsletter", "email", "spring"));
        Then(Hit.Of("identify", "phone", Start + Minute).Email("anna"));
        Then(Hit.Page("laptop", Start + 3 * Day, "/tents").Campaign("google", "cpc", "tents").With(Field.ClickId, "g-1").With(Field.Network, "Google Ads"));
        Then(Hit.Of("form_submit", "laptop", Start + 3 * Day + 5 * Minute).With(Field.PageUrl, "https://shop.example/quote").With(Field.Form, "quote").Email("anna"));
        Then(Stage("mql", Start + 4 * Day));
        Then(Stage("sql", Start + 6 * Day));
        Then(About("deal_opened", Start + 7 * Day).With(Field.DealStage, "offer").With(Field.Amount, 1_200 * Money.Unit));
        Then(About("deal_won", Start + 20 * Day).With(Field.Revenue, 1_000 * Money.Unit));
        return world;
    }

    private static void Refund(World.World world)
    {
        world.Append(About("refund", Start + 25 * Day).With(Field.Revenue, 200 * Money.Unit).Record());
        world.Run();
    }

    private static Hit Stage(string stage, long at) => Hit.About("stage_changed", "e:anna", at).Flag(EventFlags.Verified).With(Field.Stage, stage);

    private static Hit About(string name, long at) => Hit.About(name, "e:anna", at).Flag(EventFlags.Verified).With(Field.DealId, "D-1").With(Field.Currency, "EUR");

    private static IReadOnlyList<Fact> Deal(World.World world) => [.. Fact.Of(world, RecordKind.CreditPosted).Where(f => f[Field.ConversionKind] == "deal")];

    private static void Write(StringBuilder text, IReadOnlyList<Fact> rows)
    {
        foreach (var row in rows)
            text.Append(CultureInfo.InvariantCulture,
                $"{row[Field.Model],-16} {(row.Int(Field.Sign) > 0 ? '+' : '-')} {row[Field.Channel],-12} {Money.ToDecimal(row.Int(Field.Amount)),9:0.00} {row.Int(Field.Share) / 10_000m,9:0.0000} %\n");
    }

    // What a run posts that finds this way and no other.
    private static void Runs(StringBuilder text, IReadOnlyList<Fact> rows, decimal value)
    {
        var touches = rows.Where(r => r[Field.Model] == "linear").Select(r => new RunTouch(r.IdOf(Field.TouchId), r[Field.Channel])).Distinct().ToList();
        var book = new PathBook();
        book.Add(touches.Select(t => t.Channel), converts: true);
        foreach (var model in ModelNames.OfRuns)
        {
            var posted = new List<CreditRow>();
            new GoalRun(model, book).Post(new Conversion(default, 0, (long)value * Money.Unit), touches, posted);
            foreach (var row in posted)
                text.Append(CultureInfo.InvariantCulture, $"{ModelNames.Of(model),-16} = {touches[row.Index].Channel,-12} {Money.ToDecimal(row.Amount),9:0.00} {row.Share / 10_000m,9:0.0000} %\n");
        }
    }
}
