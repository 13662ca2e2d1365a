namespace ClosedLoop.Streaming.Segments.Tests;

public sealed class MembershipTests
{
    private readonly Judgement _judgement = new();
    private byte[] _membership = [];

    [Fact]
    public void A_person_moves_through_a_group_and_past_it()
    {
        var set = Sets.Of("g/1 hot: orders >= 1", "g/2 warm: page_views >= 3", "g/3 cold: true", "/4 cart: cart_open", "/5 late: days_since_last_visit > 30");
        Judge(set, "page_views 1", 0, "+cold!", "cold@0");
        Judge(set, "page_views 2", 1, null, "cold@0");
        Judge(set, "page_views 3", 2, "+warm(cold)", "warm@2");
        Judge(set, "page_views 3; cart_open", 3, "+cart", "cart@3 warm@2");
        Judge(set, "page_views 3; cart_open; orders 1", 4, "+hot(warm)", "cart@3 hot@4");
        Judge(set, "page_views 3", 5, "+warm(hot) -cart", "warm@5");
        Judge(set, "page_views 3; days_since_last_visit 0", 31, "+late", "late@31 warm@5");
        Judge(set, "page_views 3; days_since_last_visit 0", 32, null, "late@31 warm@5");
    }

    [Fact]
    public void A_group_without_a_default_is_left_and_entered_again()
    {
        var set = Sets.Of("g/1 hot: orders >= 1");
        Judge(set, "", 0, "", "");
        Judge(set, "", 1, null, "");
        Judge(set, "orders 1", 2, "+hot", "hot@2");
        Judge(set, "", 3, "-hot", "");
        Judge(set, "orders 1", 4, "+hot", "hot@4");
    }

    [Fact]
    public void First_is_what_the_very_first_judging_enters()
    {
        var set = Sets.Of("g/1 any: true", "/2 vip: orders >= 3");
        Judge(set, "orders 3", 0, "+any! +vip!", "any@0 vip@0");
        Judge(set, "orders 1", 1, "-vip", "any@0");
        Judge(set, "orders 3", 2, "+vip", "any@0 vip@2");
    }

    [Fact]
    public void The_first_match_by_order_then_name_wins()
    {
        Judge(Sets.Of("g/2 a: true", "g/1 z: true", "g/1 y: true"), "", 0, "+y!", "y@0");
    }

    [Fact]
    public void A_vanished_segment_is_left_or_followed_within_its_group()
    {
        Judge(Sets.Of("g/1 old: true", "/2 lone: true", "h/3 other: true"), "", 0, "+old! +lone! +other!", "lone@0 old@0 other@0");
        Judge(Sets.Of("g/1 new: true"), "", 1, "-lone -other +new(old)", "new@1");
        Assert.True(_judgement.Changes[0].Segment is { HasVanished: true, Name: "lone", Group: null, Version: 0 });
        Assert.True(_judgement.Changes[1].Segment is { HasVanished: true, Name: "other", Group: "h" });
        Assert.True(_judgement.Changes[2].Previous is { HasVanished: true, Group: "g" });
        Judge(RuleSet.Empty, "", 2, "-new", "");
    }

    [Fact]
    public void A_segment_that_changes_its_group_keeps_its_members_without_a_change()
    {
        Judge(Sets.Of("g/1 a: true", "h/1 b: true"), "", 0, "+a! +b!", "a@0 b@0");
        Judge(Sets.Of("/1 a: true", "h/1 b: true"), "", 1, "", "a@0 b@0");
        Judge(Sets.Of("/1 a: true", "h/1 b: true"), "", 2, null, "a@0 b@0");
        // Now both stand in one group, which a person cannot: the winner stays, the other is left.
        Judge(Sets.Of("h/2 a: true", "h/1 b: true"), "", 3, "-a", "b@0");
    }

    [Fact]
    public void Two_former_members_of_a_group_are_followed_as_one()
    {
        Judge(Sets.Of("g/1 a: true", "h/1 b: orders >= 1"), "", 0, "+a!", "a@0");
        Judge(Sets.Of("g/1 a: true", "h/1 b: orders >= 1"), "orders 1", 1, "+b", "a@0 b@1");
        Judge(Sets.Of("g/2 a: true", "g/3 b: true", "g/1 c: true"), "", 2, "+c(b) -a", "c@2");
    }

    [Fact]
    public void Replacing_a_well_known_name_by_another_group_is_read_rightly()
    {
        Judge(Sets.Of("lifecycle/1 cold: true"), "", 0, "+cold!", "cold@0");
        Judge(Sets.Of("mine/1 cold: true"), "", 1, "", "cold@0");
        Judge(Sets.Of("mine/1 cold: true"), "", 2, null, "cold@0");
        Judge(Sets.Of("mine/2 cold: true", "mine/1 new: true"), "", 3, "+new(cold)", "new@3");
    }

    /// <param name="changes">Null: judging finds nothing to store.</param>
    private void Judge(RuleSet set, string person, int day, string? changes, string membership)
    {
        var changed = set.Judge(Person.Of(person), Person.Now + day * Person.Day, _membership, _judgement);
        Assert.Equal(changes, changed ? Sets.Text(_judgement) : null);
        if (changed) _membership = _judgement.Membership.ToArray();
        Assert.Equal(membership, Sets.Text(_membership));
    }
}
