using System.Globalization;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Visitors.Tests.Journeys;

public class RefundTests
{
    private const long T0 = Memory.T0, Day = Memory.Day;

    [Theory]
    [InlineData(100, 40, "30", 70, 10)]        // money back, goods stay: all of it is lost profit
    [InlineData(100, 40, "30/12", 70, 28)]     // the refund says what it takes from the profit, because goods came back
    [InlineData(100, 40, "30,20", 50, -10)]
    [InlineData(100, 40, "100", 0, -60)]
    [InlineData(100, 40, "100/40", 0, 0)]
    [InlineData(100, 40, "150", 0, -60)]       // nobody gives back more than was paid
    [InlineData(100, 40, "30,100", 0, -60)]
    public void Refunds_take_from_revenue_and_profit(int revenue, int profit, string refunds, int left, int profitLeft)
    {
        foreach (var first in new[] { true, false })
        {
            var memory = new Memory();
            if (first) Buy();
            foreach (var (refund, i) in refunds.Split(',').Select((r, i) => (r, i)))
            {
                var parts = refund.Split('/');
                var hit = Hit.About("refund", "e:aa", T0 + i + 1).Money("O-1", int.Parse(parts[0], CultureInfo.InvariantCulture));
                memory.Add(parts.Length == 1 ? hit : hit.With(Field.GrossProfit, int.Parse(parts[1], CultureInfo.InvariantCulture) * Money.Unit));
            }
            if (!first) Buy();
            Assert.Equal((left, profitLeft, 1), (memory.Number(NumberMeasure.Revenue), memory.Number(NumberMeasure.GrossProfit), memory.Number(NumberMeasure.Orders)));
            Assert.Equal(left, memory.Number(NumberMeasure.AverageOrder));

            void Buy() => memory.Add(Hit.About("purchase", "e:aa", T0).Money("O-1", revenue).With(Field.GrossProfit, profit * Money.Unit));
        }
    }

    [Fact]
    public void A_refund_may_name_the_deal_or_the_order_that_it_became()
    {
        foreach (var (field, id) in new[] { (Field.OrderId, "A"), (Field.OrderId, "O-7"), (Field.DealId, "A") })
            foreach (var first in new[] { true, false })
            {
                var memory = new Memory();
                var won = DealTests.Word("0 won A 1000").With(Field.OrderId, "O-7").With(Field.GrossProfit, 400 * Money.Unit);
                var refund = Hit.About("refund", "e:aa", T0 + Day).Flag(EventFlags.Verified).With(field, id).With(Field.Revenue, 200 * Money.Unit);
                foreach (var hit in first ? new[] { won, refund } : [refund, won]) memory.Add(hit);
                Assert.Equal((800, 200, 0), (memory.Number(NumberMeasure.Revenue), memory.Number(NumberMeasure.GrossProfit), memory.Number(NumberMeasure.Orders)));
            }
    }
}
