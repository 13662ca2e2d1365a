using System.Text;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Dashboard;

/// <param name="By">known: named by an event; rule; said: by sales; bought; deal_opened, deal_won, deal_lost.</param>
/// <param name="Stage">The stage that it asked for; null of deals, where it follows from all of them.</param>
/// <param name="Note">step_back_without_reason: kept, and without effect.</param>
internal sealed record StageTurnView(string? At, string By, string? Stage, string? Note);

/// <summary>What spoke of a person's stage, so that nothing which had no effect stays hidden.</summary>
internal static class StageTurns
{
    public const int TurnsMax = 50;

    /// <summary>The last ones, oldest first.</summary>
    public static IReadOnlyList<StageTurnView> Of(Person person)
    {
        var turns = person.StageTurns();
        return [.. turns[Math.Max(0, turns.Length - TurnsMax)..].ToArray().Select(View)];
    }

    private static StageTurnView View(StageTurn turn)
    {
        var isOfDeal = turn.By is StageBy.DealOpened or StageBy.DealWon or StageBy.DealLost;
        return new StageTurnView(ApiJson.Time(turn.At), Word(turn.By), isOfDeal ? null : Encoding.UTF8.GetString(Person.StageText(turn.Stage)),
            turn.Ignored ? "step_back_without_reason" : null);
    }

    private static string Word(StageBy by) => by switch
    {
        StageBy.Known => "known", StageBy.Rule => "rule", StageBy.Said => "said", StageBy.Bought => "bought",
        StageBy.DealOpened => "deal_opened", StageBy.DealWon => "deal_won", _ => "deal_lost",
    };
}
