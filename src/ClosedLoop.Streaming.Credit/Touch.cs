using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Credit;

/// <summary>What credit must know of a touch: its id, its moment (unix ms) and whether its channel is Direct.</summary>
public readonly record struct Touch(Id Id, long TimeMs, bool Direct);

/// <summary>
/// What is credited: a lead, an order, a won deal. <paramref name="Value"/> is money (1/10,000 of the currency's unit), 0 or more;
/// a refund is no conversion but a reversal of one. <paramref name="Profit"/> is the gross profit in it, which is shared like the value;
/// it may be negative, and is null where nobody knows it.
/// </summary>
public readonly record struct Conversion(Id Id, long TimeMs, long Value, long? Profit = null);
