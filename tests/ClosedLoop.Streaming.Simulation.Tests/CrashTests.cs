using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Simulation.Tests;

/// <summary>DESIGN.md §4a.1 and R10, R13, R17 as far as the pure core goes. CLOSEDLOOP_SIM_SEEDS sets how many seeds, CLOSEDLOOP_SIM_FIRST the first; a failure prints its own.</summary>
public class CrashTests
{
    private const int SeedsDefault = 300;

    private static int First => int.TryParse(Environment.GetEnvironmentVariable("CLOSEDLOOP_SIM_FIRST"), out var first) && first > 0 ? first : 1;

    private static int Seeds =>
        int.TryParse(Environment.GetEnvironmentVariable("CLOSEDLOOP_SIM_SEEDS"), out var seeds) && seeds > 0 ? seeds : SeedsDefault;

    [Fact]
    public void Whatever_crashes_nothing_is_lost_doubled_or_judged_otherwise()
    {
        var crashes = 0;
        for (var seed = First; seed < First + Seeds; seed++)
        {
            try
            {
                using var run = new Scenario(seed);
                Invariants.Check(run);
                crashes += run.Engine.Crashes;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
            }
        }
        Assert.True(crashes > Seeds, $"only {crashes} crashes in {Seeds} runs");
    }

    [Fact]
    public void Leads_that_rules_move_are_told_once_credited_and_replayed_the_same()
    {
        var moved = 0;
        for (var seed = 1; seed <= Math.Max(1, Seeds / 5); seed++)
        {
            try
            {
                using var run = new Scenario(seed, byRule: true);
                Invariants.Check(run);
                moved += run.Engine.Journals.SelectMany(j => j.Facts).Select(f => new Fact(f)).DistinctBy(f => f.Id)
                    .Count(f => f.Kind == RecordKind.StageChanged && f[Field.Reason] == "rule");
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
            }
        }
        Assert.True(moved >= Seeds / 60, $"only {moved} leads were moved by a rule");
    }

    [Fact]
    public void A_seed_replays_bit_for_bit()
    {
        static string Facts(int seed)
        {
            using var run = new Scenario(seed);
            return string.Join('\n', run.Engine.Journals.SelectMany(j => j.Facts).Select(Convert.ToHexString));
        }
        Assert.Equal(Facts(7), Facts(7));
    }
}
