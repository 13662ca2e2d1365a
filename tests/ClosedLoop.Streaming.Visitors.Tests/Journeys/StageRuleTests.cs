using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Visitors.Tests.Journeys;

public class StageRuleTests
{
    private const long T0 = Memory.T0, Day = Memory.Day;

    [Fact]
    public void Rules_move_forward_until_a_person_decides()
    {
        var memory = new Memory();
        memory.Add(Hit.About("identify", "e:aa", T0));
        StageWriter.Add(memory.History, new StageStep(T0 + 2 * Day, 1, Stage.Mql, false, false, ByRule: true));
        Assert.Equal("mql", memory.Text(TextMeasure.Stage));
        Assert.False(memory.Person.IsDecided());
        // Going back needs a reason, also behind a rule.
        memory.Add(Said("lead", T0 + 3 * Day, null));
        Assert.Equal("mql", memory.Text(TextMeasure.Stage));
        Assert.False(memory.Person.IsDecided());
        Assert.Contains(memory.Person.StageTurns().ToArray(), t => t.Ignored);
        memory.Add(Said("lead", T0 + 4 * Day, "student"));
        Assert.Equal("lead", memory.Text(TextMeasure.Stage));
        Assert.True(memory.Person.IsDecided());
        // What a person had decided before the rule spoke, and we hear late, stands above it.
        var late = new Memory();
        late.Add(Hit.About("identify", "e:aa", T0));
        StageWriter.Add(late.History, new StageStep(T0 + 2 * Day, 1, Stage.Mql, false, false, ByRule: true));
        late.Add(Said("lead", T0 + Day, null));
        Assert.Equal("lead", late.Text(TextMeasure.Stage));
    }

    private static Hit Said(string stage, long at, string? reason) => Hit.About("stage_changed", "e:aa", at).With(Field.Stage, stage).With(Field.Reason, reason);
}
