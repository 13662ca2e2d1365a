namespace ClosedLoop.Streaming.Visitors;

/// <summary>An order as all parts of a person know it, and the part that holds its texts.</summary>
public readonly record struct PersonOrder(Order Order, History Part);

/// <summary>
/// One order may be told by a browser and by the shop's server, and given back through the CRM: by its id it is one order of the person.
/// </summary>
public sealed partial class Person
{
    private readonly List<PersonOrder> _orders = [];

    /// <summary>Each order once: the first that was bought stands, refunds of all parts count. By key; valid until the next call.</summary>
    public ReadOnlySpan<PersonOrder> AllOrders()
    {
        _orders.Clear();
        foreach (var part in _parts)
            foreach (ref readonly var order in part.Orders.Span) _orders.Add(new PersonOrder(order, part));
        if (_parts.Count > 1 && _orders.Count > 1) MergeOrders();
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_orders);
    }

    private static Order WithRefunds(in Order order, in Order more) =>
        order with { Refunded = order.Refunded + more.Refunded, ProfitBack = order.ProfitBack + more.ProfitBack };

    private void MergeOrders()
    {
        _orders.Sort(static (a, b) => (a.Order.Key, !a.Order.Bought, a.Order.At, a.Order.AtKey).CompareTo((b.Order.Key, !b.Order.Bought, b.Order.At, b.Order.AtKey)));
        var kept = 0;
        for (var i = 1; i < _orders.Count; i++)
        {
            if (_orders[i].Order.Key != _orders[kept].Order.Key) _orders[++kept] = _orders[i];
            else _orders[kept] = _orders[kept] with { Order = WithRefunds(_orders[kept].Order, _orders[i].Order) };
        }
        _orders.RemoveRange(kept + 1, _orders.Count - kept - 1);
    }
}
