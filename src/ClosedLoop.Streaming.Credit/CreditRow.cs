using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Credit;

/// <summary>
/// One line of the ledger: under <paramref name="Model"/>, this touch earned <paramref name="Amount"/> (money, never negative)
/// and <paramref name="Share"/> millionths of one conversion. <paramref name="Sign"/> is 1 for a posting, −1 for its reversal.
/// </summary>
/// <param name="Model">Which model says so.</param>
/// <param name="Touch">The touch, or <see cref="Id.None"/>: no touch explains the conversion.</param>
/// <param name="Index">Where the touch stands among the touches that were handed in; −1 when unattributed or read back from elsewhere.</param>
/// <param name="Amount">Money, 1/10,000 of the currency's unit.</param>
/// <param name="Share">Millionths; all rows of one conversion and model sum to 1,000,000.</param>
/// <param name="Sign">1 or −1.</param>
/// <param name="Profit">Gross profit that comes with the amount; may be negative, and null where nobody knows it.</param>
public readonly record struct CreditRow(AttributionModel Model, Id Touch, int Index, long Amount, int Share, int Sign, long? Profit = null)
{
    /// <summary>Millionths in a whole conversion.</summary>
    public const int ShareWhole = 1_000_000;

    public bool IsUnattributed => Touch == Id.None;

    /// <summary>The row that takes this one back.</summary>
    public CreditRow Reversed() => this with { Sign = -Sign };
}
