using System.Buffers.Binary;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Credit;

/// <summary>What is credited, as texts in facts: lead, mql, sql, customer (value 0), order and deal (with value).</summary>
public enum ConversionKind : byte { Lead = 1, Mql = 2, Sql = 3, Customer = 4, Order = 5, Deal = 6 }

/// <summary>A conversion of a person as the person's memory tells it now. Money in 1/10,000, net of refunds, never below 0.</summary>
/// <param name="Reference">Order or deal id; empty for stages.</param>
/// <param name="IsNew">The person's first order or deal.</param>
public readonly record struct ConversionOf(Id Id, ConversionKind Kind, long At, long Value, long Profit, bool ProfitKnown, string Reference, bool IsNew);

/// <summary>Reads conversions out of a person. The id hashes what was converted, not who, so that a hand-over keeps it.</summary>
public static class Conversions
{
    /// <summary>Adds all conversions, orders and deals first, in no particular order.</summary>
    public static void Of(Person person, ReadOnlySpan<byte> site, List<ConversionOf> into)
    {
        var from = into.Count;
        foreach (ref readonly var known in person.AllOrders())
        {
            var order = known.Order;
            if (order.Bought)
                into.Add(new ConversionOf(IdOf(site, ConversionKind.Order, order.Key), ConversionKind.Order, order.At, order.Net, order.NetProfit,
                    (order.Flags & OrderFlags.ProfitKnown) != 0, Text(known.Part, order.OrderId), false));
        }
        foreach (ref readonly var known in person.AllDeals())
        {
            var deal = known.Deal;
            if (deal.State == DealState.Won)
                into.Add(new ConversionOf(IdOf(site, ConversionKind.Deal, deal.Key), ConversionKind.Deal, deal.At,
                    deal.Net, deal.NetProfit, deal.ProfitKnown, Text(known.Part, deal.DealId), false));
        }
        MarkFirst(into, from);
        Stages(person, site, into);
    }

    public static string NameOf(ConversionKind kind) => kind switch
    {
        ConversionKind.Lead => "lead", ConversionKind.Mql => "mql", ConversionKind.Sql => "sql",
        ConversionKind.Customer => "customer", ConversionKind.Order => "order", _ => "deal",
    };

    private static void MarkFirst(List<ConversionOf> conversions, int from)
    {
        var first = -1;
        for (var i = from; i < conversions.Count; i++)
            if (first < 0 || (conversions[i].At, conversions[i].Id).CompareTo((conversions[first].At, conversions[first].Id)) < 0) first = i;
        if (first >= 0) conversions[first] = conversions[first] with { IsNew = true };
    }

    // The first time that each stage was reached, or passed, counts: stepping back and forth makes no second lead.
    private static void Stages(Person person, ReadOnlySpan<byte> site, List<ConversionOf> into)
    {
        for (var stage = Stage.Lead; stage <= Stage.Customer; stage++)
        {
            var first = default(StageStep);
            foreach (var part in person.Parts)
                foreach (ref readonly var step in part.Steps.Span)
                    if (IsReached(step, stage) && (first.At == 0 || (step.At, step.Key).CompareTo((first.At, first.Key)) < 0)) first = step;
            if (first.At == 0) continue;
            var kind = (ConversionKind)(byte)stage;
            into.Add(new ConversionOf(IdOf(site, kind, first.Key), kind, first.At, 0, 0, false, "", false));
        }
    }

    // An order makes a customer, not a marketing-qualified lead; a named person is a lead whatever came after.
    private static bool IsReached(in StageStep step, Stage stage) =>
        step.Stage == stage || stage == Stage.Lead && step.Explicit && step.Stage > Stage.Lead;

    private static Id IdOf(ReadOnlySpan<byte> site, ConversionKind kind, ulong key)
    {
        Span<byte> bytes = stackalloc byte[site.Length + 10];
        site.CopyTo(bytes);
        bytes[site.Length] = 0;
        bytes[site.Length + 1] = (byte)kind;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[(site.Length + 2)..], key);
        return Id.OfBytes(bytes);
    }

    private static string Text(History part, TextRef text) => System.Text.Encoding.UTF8.GetString(part[text]);
}
