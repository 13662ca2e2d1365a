using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>Who is one person: identifiers given together, browsers that were merged and unmerged, several people on one browser.</summary>
public sealed class IdentityStories
{
    private const long Now = 1_795_000_000_000;
    private const long Minute = 60_000, Hour = 60 * Minute, Day = 24 * Hour;

    [Fact]
    public void An_event_with_two_identifiers_joins_two_leads_and_the_earlier_names_the_person()
    {
        using var world = new World.World();
        world.Append(Hit.About("purchase", "x:17", Now).Money("O-1", 100).Record());
        world.Run();
        world.Append(Hit.Of("form_submit", "v1", Now + Hour).With(Field.Form, "contact").Email("aa").Record());
        world.Run();
        world.Append(Hit.About("identify", "e:aa", Now + Day).With(Field.ExternalId, "17").Record());
        world.Run();
        var person = world.Lead("e:aa")!;
        Assert.Equal(world.Lead("x:17")!.Identifier, person.Identifier);
        Assert.Equal("x:17", person.Identifier);
        Assert.Equal(["v1"], person.VisitorIds());
        Assert.Equal(1, person.AsPerson(new Person()).Orders().Count);
        Assert.Equal(["active"], World.World.SegmentsOf(person.Standing));
        Soundness.Check(world);
        var joined = Assert.Single(Fact.Of(world, RecordKind.LeadJoined));
        Assert.Equal(World.World.HomeOf("x:17").ToString(), joined[Field.RootLead]);
        Assert.Equal(joined[Field.RootLead], Fact.Of(world, RecordKind.LeadLinked).MaxBy(f => f.Int(Field.Version))![Field.LeadId]);
        // What the older lead was in goes on; nobody is told of a leave.
        Assert.DoesNotContain(Fact.Of(world, RecordKind.SegmentChanged), f => f[Field.Change] == "left");
    }

    [Fact]
    public void Whatever_comes_after_the_join_reaches_the_person_by_either_name()
    {
        using var world = new World.World(partitions: 8);
        world.Append(Hit.About("identify", "e:aa", Now).With(Field.ExternalId, "17").With(Field.Phone, "p1").Record());
        world.Run();
        world.Append(Hit.About("purchase", "x:17", Now + 1).Money("O-1", 100).Record());
        world.Append(Hit.About("purchase", "p:p1", Now + 2).Money("O-2", 50).Record());
        world.Append(Hit.Of("form_submit", "v1", Now + 3).Email("aa").Record());
        world.Append(Hit.Page("v1", Now + 4).Record());
        world.Run();
        foreach (var name in new[] { "e:aa", "x:17", "p:p1" })
        {
            Assert.Equal("e:aa", world.Lead(name)!.Identifier);
            Assert.Equal(2, world.Lead(name)!.AsPerson(new Person()).Orders().Count);
        }
        Assert.Equal(1, world.Lead("e:aa")!.AsPerson(new Person()).PageViews);
        Soundness.Check(world);
    }

    [Fact]
    public void Two_anonymous_browsers_become_one_row_and_two_again()
    {
        using var world = new World.World();
        for (var i = 0; i < 3; i++) world.Append(Hit.Page("a", Now + i).Record());
        world.Append(Hit.Page("b", Now + 10).Record());
        world.Run();
        var before = Outcome(world);
        world.Append(Merge("a", "b", Now + 20));
        world.Run();
        var person = Assert.Single(People.Of(world));
        Assert.Equal(4, person.Person.PageViews);
        Assert.Equal("visitor", Fact.Of(world, RecordKind.StageChanged).LastOrDefault()?[Field.Stage] ?? "visitor");
        Soundness.Check(world);
        world.Append(Unmerge("b", "a", Now + 30));
        world.Run();
        Assert.Equal(before, Outcome(world));
        Assert.All(new[] { "a", "b" }, v => Assert.Equal(Link.None, world.Visitor(v)!.Link));
        Soundness.Check(world);
        Assert.DoesNotContain(Fact.Of(world, RecordKind.SegmentChanged), f => f[Field.Change] == "left");
        Assert.All(Fact.Of(world, RecordKind.LeadLinked).GroupBy(f => f[Field.VisitorId]), g => Assert.Equal(1, g.MaxBy(f => f.Int(Field.Version))!.Int(Field.Deleted)));
    }

    [Fact]
    public void An_undone_merge_gives_back_history_membership_and_credit_and_what_came_since()
    {
        using var plain = new World.World();
        using var merged = new World.World();
        foreach (var world in new[] { plain, merged })
        {
            world.Append(Hit.Page("a", Now).Campaign("google", "cpc", "brand").Record("1"));
            world.Append(Hit.Of("form_submit", "a", Now + Minute).Email("aa").Record("2"));
            world.Append(Hit.Page("b", Now + Hour).Campaign("news", "email", "october").Record("3"));
            world.Append(Hit.Of("form_submit", "b", Now + Hour + 1).Email("bb").Record("4"));
            world.Append(Hit.About("purchase", "e:bb", Now + Day).Money("O-1", 100).Record("5"));
            world.Run();
            if (world == merged) world.Append(Merge("a", "b", Now + Day + 1));
            world.Run();
            world.Append(Hit.Page("a", Now + 2 * Day).Record("6"));
            world.Append(Hit.About("purchase", "e:aa", Now + 2 * Day).Money("O-2", 30).Record("7"));
            world.Append(Hit.About("refund", "e:bb", Now + 2 * Day).Money("O-1", 20).Record("8"));
            world.Run();
        }
        Assert.Equal(2, merged.Lead("e:aa")!.AsPerson(new Person()).Orders().Count);
        Assert.Equal("e:aa", merged.Lead("e:bb")!.Identifier);
        Soundness.Check(merged);
        merged.Append(Unmerge("a", "b", Now + 3 * Day));
        merged.Run();
        Assert.Equal(Outcome(plain), Outcome(merged));
        Soundness.Check(merged);
        var changes = Fact.Of(merged, RecordKind.SegmentChanged).Where(f => f.TimeMs >= Now + 3 * Day).ToList();
        Assert.All(changes, f => Assert.Equal("link", f[Field.CauseKind]));
    }

    [Fact]
    public void Merges_overlap_repeat_come_early_and_are_undone_one_by_one()
    {
        using var world = new World.World();
        world.Append(Merge("a", "b", Now));
        world.Append(Merge("b", "a", Now + 1));
        world.Append(Merge("b", "c", Now + 2));
        world.Append(Unmerge("c", "d", Now + 3));
        world.Run();
        foreach (var visitor in new[] { "a", "b", "c", "d" }) world.Append(Hit.Page(visitor, Now + Minute).Record());
        world.Run();
        Assert.Equal([3L, 1L], People.Of(world).Select(p => p.Person.PageViews).OrderDescending());
        world.Append(Merge("a", "c", Now + Hour));
        world.Append(Unmerge("a", "b", Now + 2 * Hour));
        world.Run();
        Assert.Equal([3L, 1L], People.Of(world).Select(p => p.Person.PageViews).OrderDescending());
        world.Append(Unmerge("c", "b", Now + 3 * Hour));
        world.Run();
        Assert.Equal([2L, 1L, 1L], People.Of(world).Select(p => p.Person.PageViews).OrderDescending());
        world.Append(Unmerge("c", "a", Now + 4 * Hour));
        // Said earlier than the undoing, heard of later: it stays undone.
        world.Append(Merge("a", "c", Now + Hour + 1));
        world.Run();
        Assert.Equal([1L, 1L, 1L, 1L], People.Of(world).Select(p => p.Person.PageViews));
        Soundness.Check(world);
    }

    [Fact]
    public void Who_is_merged_parted_and_merged_again_is_numbered_on()
    {
        using var world = new World.World();
        // Nobody has seen "b" yet: parted it is nobody, and still not new.
        world.Append(Hit.Page("a", Now).Record());
        world.Run();
        for (var i = 1L; i <= 3; i++)
        {
            world.Append(Merge("a", "b", Now + i * Hour));
            world.Append(Hit.Of("form_submit", "a", Now + i * Hour + 1).With(Field.Form, i % 2 == 0 ? "newsletter" : "contact").Record());
            world.Run();
            world.Tick(Now + i * 40 * Day);
            world.Append(Unmerge("a", "b", Now + i * Hour + Minute));
            world.Run();
            world.Restart();
        }
        var told = Fact.Of(world, RecordKind.SegmentChanged).Where(f => f.Key[0] == 'l').GroupBy(f => f.Key).ToList();
        Assert.NotEmpty(told);
        Assert.Contains(told, person => person.Count() > 1);
        // Receivers leave out what is older than they know.
        foreach (var person in told) Assert.Equal(person.Select(f => f.Int(Field.Sequence)).Distinct().Order(), person.Select(f => f.Int(Field.Sequence)));
    }

    private static byte[] Merge(string a, string b, long at) => Hit.Of("visitors_merged", a, at).With(Field.OtherVisitorId, b).With(Field.Reason, "same till").Record();

    private static byte[] Unmerge(string a, string b, long at) => Hit.Of("visitors_unmerged", a, at).With(Field.OtherVisitorId, b).With(Field.Reason, "two people").Record();

    /// <summary>Everybody with segments, memory and books; without the merges themselves, which are events of somebody.</summary>
    private static string Outcome(World.World world)
    {
        var lines = People.Of(world).Select(p => $"{p.Key} {string.Join(' ', p.Segments)}\n{Projection.Of(p.Person)}")
            .Select(text => string.Join('\n', text.Split('\n').Where(l => !l.Contains("visitors_", StringComparison.Ordinal) && !l.StartsWith("LastActivity", StringComparison.Ordinal) && !l.StartsWith("seen", StringComparison.Ordinal))));
        var facts = world.Facts.Select(f => new Fact(f)).ToList();
        return string.Join('\n', lines.Concat(Books.Posted(facts).Select(b => $"{b.Key} {b.Value}")).Concat(Books.Conversion(facts)));
    }
}
