using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Visitors.Tests.Journeys;

public class MoneyTests
{
    private const long T0 = Memory.T0, Day = Memory.Day;

    [Fact]
    public void Orders_add_up_net_of_refunds_whatever_comes_first()
    {
        var memory = new Memory();
        memory.Add(Refund("O-1", 30, T0 + Day));
        memory.Add(Hit.Of("purchase", "v", T0).Money("O-1", 100));
        memory.Add(Hit.Of("purchase", "v", T0 + 2 * Day).Money("O-2", 50));
        memory.Add(Refund("O-2", 80, T0 + 3 * Day));
        Assert.Equal(2, memory.Number(NumberMeasure.Orders));
        // Nobody gives back more than was paid: as in the ledger, an order is never worth less than nothing.
        Assert.Equal(70, memory.Number(NumberMeasure.Revenue));
        Assert.Equal(35, memory.Number(NumberMeasure.AverageOrder));
        Assert.Equal(T0 + 2 * Day, memory.Person.MomentOf(TimeMeasure.LastOrder));
    }

    [Fact]
    public void An_order_is_bought_once_for_ever()
    {
        var memory = new Memory();
        Assert.Equal(Outcome.Applied, memory.Add(Hit.Of("purchase", "v", T0).Money("O-1", 100).With(Field.EventId, "a")).Outcome);
        Assert.Equal(Outcome.Duplicate, memory.Add(Hit.Of("purchase", "v", T0 + 400 * Day).Money("O-1", 100).With(Field.EventId, "b")).Outcome);
        Assert.Equal(1, memory.Number(NumberMeasure.Orders));
    }

    [Fact]
    public void Untrusted_money_moves_nothing_and_does_not_keep_the_shops_own_word_out()
    {
        var memory = new Memory();
        memory.Add(Hit.Of("purchase", "v", T0).With(Field.OrderId, "O-1").With(Field.Revenue, 5 * Money.Unit));
        memory.Add(Hit.Of("deal_opened", "v", T0).With(Field.DealId, "D-1").With(Field.Amount, 5 * Money.Unit));
        memory.Add(Hit.Of("refund", "v", T0).With(Field.OrderId, "O-2").With(Field.Revenue, 5 * Money.Unit));
        Assert.Equal(0, memory.Number(NumberMeasure.Orders));
        Assert.Equal(0, memory.Number(NumberMeasure.OpenDeals));
        Assert.Equal(Stage.Visitor, memory.Person.StageNow().Stage);

        Assert.Equal(Outcome.Applied, memory.Add(Hit.Of("purchase", "v", T0 + 1).Money("O-1", 7)).Outcome);
        Assert.Equal(7, memory.Number(NumberMeasure.Revenue));
        Assert.Equal(Outcome.Duplicate, memory.Add(Hit.Of("purchase", "v", T0 + 2).With(Field.OrderId, "O-1").With(Field.Revenue, 1L)).Outcome);
    }

    [Fact]
    public void A_site_may_trust_its_public_doors()
    {
        var memory = new Memory();
        memory.Add(Hit.Of("purchase", "v", T0).Flag(EventFlags.MoneyTrusted).With(Field.OrderId, "O-1").With(Field.Revenue, 5 * Money.Unit));
        Assert.Equal(5, memory.Number(NumberMeasure.Revenue));
    }

    [Theory]
    [InlineData("UTC", 1)]
    [InlineData("Europe/Berlin", 2)]
    public void Purchase_days_are_days_of_the_sites_zone(string zone, int days)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Berlin", out _) is false) Assert.Skip("this machine has no time zones");
        var memory = new Memory { Rules = new SiteRules { TimeZone = zone } };
        var tenToEleven = DateTimeOffset.Parse("2026-11-18T22:50:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        memory.Add(Hit.Of("purchase", "v", tenToEleven).Money("O-1", 1));
        memory.Add(Hit.Of("purchase", "v", tenToEleven + 20 * Memory.Minute).Money("O-2", 1));
        Assert.Equal(days, memory.Number(NumberMeasure.PurchaseDays));
    }

    [Fact]
    public void A_deal_stands_as_said_last_by_its_own_time()
    {
        var memory = new Memory();
        memory.Add(Deal("deal_lost", T0 + 2, 0).With(Field.Reason, "price"));
        memory.Add(Deal("deal_opened", T0, 500));
        Assert.Equal(0, memory.Number(NumberMeasure.OpenDeals));
        Assert.Equal("price", memory.Text(TextMeasure.LostReason));
        memory.Add(Deal("deal_moved", T0 + 3, 600));
        Assert.Equal(1, memory.Number(NumberMeasure.OpenDeals));
        memory.Add(Deal("deal_won", T0 + 4, 700));
        Assert.Equal(0, memory.Number(NumberMeasure.OpenDeals));
        Assert.Equal(700, memory.Number(NumberMeasure.Revenue));
        Assert.Equal(Stage.Customer, memory.Person.StageNow().Stage);
    }

    [Fact]
    public void One_order_told_by_browser_and_server_and_given_back_through_the_crm_is_one_order_of_the_person()
    {
        var (browser, crm) = (new Memory(), new Memory());
        browser.Add(Hit.Of("purchase", "v", T0).Money("O-1", 100));
        crm.Add(Hit.About("purchase", "e:aa", T0 + 5).Money("O-1", 100));
        crm.Add(Hit.About("refund", "e:aa", T0 + Day).Money("O-1", 40));
        crm.Add(Hit.About("deal_opened", "e:aa", T0).Flag(EventFlags.Verified).With(Field.DealId, "D-1").With(Field.Amount, 1L));
        browser.Add(Hit.Of("deal_won", "v", T0 + 1).Flag(EventFlags.Verified).With(Field.DealId, "D-1").With(Field.Revenue, 10 * Money.Unit));
        foreach (var parts in new[] { new[] { browser, crm }, [crm, browser] })
        {
            var person = new Person().Begin();
            foreach (var part in parts) person.Add(part.History);
            Assert.Equal(1, person.Orders().Count);
            Assert.Equal(T0, person.MomentOf(TimeMeasure.LastOrder));
            Assert.True(person.TryNumber(NumberMeasure.Revenue, out var revenue));
            Assert.Equal(70, revenue);
            Assert.True(person.TryNumber(NumberMeasure.OpenDeals, out var open));
            Assert.Equal(0, open);
        }
    }

    private static Hit Refund(string order, decimal amount, long at) => Hit.Of("refund", "v", at).Money(order, amount);

    private static Hit Deal(string name, long at, decimal amount) =>
        Hit.Of(name, "v", at).Flag(EventFlags.Verified).With(Field.DealId, "D-1").With(name == "deal_won" ? Field.Revenue : Field.Amount, (long)(amount * Money.Unit));
}
