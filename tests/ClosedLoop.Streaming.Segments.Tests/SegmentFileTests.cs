using System.Text;

namespace ClosedLoop.Streaming.Segments.Tests;

public sealed class SegmentFileTests
{
    [Theory]
    // file, line, column, part of the message
    [InlineData("", 1, 1, "no JSON")]
    [InlineData("[]", 1, 1, "expected {\"segments\":[…]}")]
    [InlineData("{}", 1, 1, "\"segments\" is missing")]
    [InlineData("{\"segments\":{}}", 1, 13, "\"segments\" is an array")]
    [InlineData("{\n  \"segment\":[]}", 2, 3, "unknown property \"segment\"")]
    [InlineData("{\"segments\":[1]}", 1, 14, "a segment is an object")]
    [InlineData("{\"segments\":[{\"rule\":\"true\"}]}", 1, 14, "has no \"name\"")]
    [InlineData("{\"segments\":[{\"name\":\"a\"}]}", 1, 14, "has no \"rule\"")]
    [InlineData("{\"segments\":[\n{\"name\":\"a\",\"rulez\":\"true\"}]}", 2, 13, "did you mean `rule`?")]
    [InlineData("{\"segments\":[{\"name\":1,\"rule\":\"true\"}]}", 1, 22, "\"name\" is text")]
    [InlineData("{\"segments\":[{\"name\":\"a\",\"rule\":\"true\",\"order\":1.5}]}", 1, 48, "\"order\" is a whole number")]
    [InlineData("{\"segments\":[{\"name\":\"a\",\"rule\":\"true\",\"order\":99999999999}]}", 1, 48, "\"order\" is a whole number")]
    [InlineData("{\"segments\":[{\"name\":\"a\",\"rule\":\"true\",\"notify\":\"yes\"}]}", 1, 49, "\"notify\" is true or false")]
    [InlineData("{\"segments\":[{\"name\":\"A\",\"rule\":\"true\"}]}", 1, 22, "a-z 0-9 _ -")]
    [InlineData("{\"segments\":[{\"name\":\"a\",\"group\":\"\",\"rule\":\"true\"}]}", 1, 22, "a group's name")]
    [InlineData("{\"segments\":[{\"name\":\"a\",\"rule\":\"page_view > 1\"}]}", 1, 33, "segment \"a\": rule, at 0: unknown name `page_view` (did you mean `page_views`?)")]
    [InlineData("{\"segments\":[\n  {\"name\":\"a\",\"rule\":\"true\"},\n  {\"name\":\"a\",\"rule\":\"true\"}]}", 3, 11, "two segments named \"a\"")]
    [InlineData("{\"segments\":[{\"name\":\"a\",\"rule\":\"\\uD800\"}]}", 1, 33, "no valid Unicode")]
    [InlineData("{\"segments\":[]} x", 1, 17, "no JSON")]
    [InlineData("{\"segments\":[{\"name\":\"a\"", 1, 25, "no JSON")]
    public void A_mistake_is_pointed_at(string file, int line, int column, string message)
    {
        Assert.False(SegmentFile.TryParse(Encoding.UTF8.GetBytes(file), out _, out var mistakes));
        Assert.Contains(message, mistakes[0].Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (mistakes[0].Line, mistakes[0].Column));
    }

    [Fact]
    public void All_mistakes_are_found_at_once()
    {
        const string file = """
            { "segments": [
              { "name": "a", "rule": "orders > " },
              { "name": "b", "rule": "true", "colour": 1 },
              { "name": "c", "rule": "true" },
            ] } // people edit this
            """;
        Assert.False(SegmentFile.TryParse(Encoding.UTF8.GetBytes(file), out _, out var mistakes));
        Assert.Equal([(2, 26), (3, 34)], mistakes.Select(mistake => (mistake.Line, mistake.Column)));
    }

    [Fact]
    public void What_is_written_is_read_back_the_same()
    {
        var definitions = DefaultSegments.Definitions.Append(new SegmentDefinition
        {
            Name = "x", Rule = "trait(\"q\") = \"\\\"é\"", Notify = true, Version = 7, Order = -3, ActionJson = "[1,null,{\"a\":\"ü\"}]",
        }).ToList();
        var bytes = SegmentFile.Write(definitions);
        Assert.True(SegmentFile.TryParse(bytes, out var back, out _));
        Assert.Equal(bytes, SegmentFile.Write(back));
        Assert.Equal(definitions[^1] with { ActionJson = back[^1].ActionJson }, back[^1]);
        Assert.Equal(definitions.Count, back.Count);
    }

    [Fact]
    public void Sets_refuse_what_files_refuse()
    {
        var many = Enumerable.Range(0, RuleLimits.SegmentsMax + 1).Select(i => new SegmentDefinition { Name = $"s{i}", Rule = "true" }).ToList();
        Assert.False(RuleSet.TryBuild(many, 1, 0, out var set, out var mistakes));
        Assert.Contains("at most 256", mistakes[^1].Message, StringComparison.Ordinal);
        Assert.Same(RuleSet.Empty, set);
        Assert.True(RuleSet.TryBuild(many[1..], 3, 4, out set, out _));
        Assert.Equal((3, 4, RuleLimits.SegmentsMax), (set.Version, set.PublishedMs, set.Segments.Count));
        var judgement = new Judgement();
        set.Judge(new Person(), Person.Now, [], judgement);
        Assert.Equal(RuleLimits.SegmentsMax, judgement.Changes.Count);
        Assert.False(set.Judge(new Person(), Person.Now, judgement.Membership.ToArray(), judgement));

        SegmentDefinition[] wrong =
        [
            new() { Name = "a", Rule = "true", ActionJson = "{" },
            new() { Name = "a", Rule = "true", ActionJson = "\"" + new string('x', RuleLimits.ActionBytesMax) + "\"" },
            new() { Name = "b", Rule = "orders", Version = 0 },
        ];
        Assert.False(RuleSet.TryBuild(wrong, 1, 0, out _, out mistakes));
        Assert.Equal(["a", "a", "a", "b", "b"], mistakes.Select(mistake => mistake.Segment));
        Assert.Equal([-1, -1, -1, -1, 0], mistakes.Select(mistake => mistake.Position));
    }

    [Fact]
    public void The_measures_of_a_webhook_are_what_the_rule_asked()
    {
        var rule = Sets.Compile("(page_views >= 3 or sessions >= 2) and days_since_last_visit <= 30 and not (last_satisfaction <= 6) "
            + "and trait(\"city\") != \"x\" and stage != \"sql\" and visited(\"/p*\") and count(\"x\",7d) = 0");
        var person = Person.Of("page_views 5; sessions 2; days_since_last_visit 0.5; trait city Lviv; stage lead; visited /p");
        Assert.Equal("""{"page_views":5,"sessions":2,"days_since_last_visit":0.5,"stage":"lead","count(\u0022x\u0022,7d)":0,"visited(\u0022/p*\u0022)":true}""",
            Encoding.UTF8.GetString(MeasuresJson.Of(rule, person, Person.Now)));
        Assert.Equal("{}", Encoding.UTF8.GetString(MeasuresJson.Of(Sets.Compile("true"), person, Person.Now)));
    }
}
