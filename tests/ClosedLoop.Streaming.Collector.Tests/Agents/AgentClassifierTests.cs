using ClosedLoop.Streaming.Collector.Agents;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Collector.Tests.Agents;

public class AgentClassifierTests
{
    /// <summary>Listed among people's browsers by their authors, but programs by their own words; all others of that list are people.</summary>
    private static readonly string[] Disputed = ["Yahoo! Slurp", "GTmetrix", "YLT Chrome", "Amzn-User", "Miniature.io"];

    private static readonly AgentClassifier Own = new(null);

    [Fact]
    public void Real_crawlers_are_known()
    {
        var classifier = AgentClassifier.Load(SharedAgents.Path("crawler-user-agents.json"));
        var crawlers = SharedAgents.Crawlers();
        var missed = crawlers.Where(crawler => !classifier.Classify(crawler.Agent).IsBot).ToList();
        Assert.Equal(0, classifier.Unusable);
        Assert.True(missed.Count * 100 <= crawlers.Count, $"{missed.Count} of {crawlers.Count} missed:\n" + string.Join('\n', missed));
    }

    [Fact]
    public void Most_real_crawlers_are_known_without_the_list()
    {
        var crawlers = SharedAgents.Crawlers();
        var missed = crawlers.Where(crawler => !Own.Classify(crawler.Agent).IsBot).ToList();
        Assert.True(missed.Count * 100 <= crawlers.Count * 10, $"{missed.Count} of {crawlers.Count} missed:\n" + string.Join('\n', missed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void People_are_people(bool withList)
    {
        var classifier = withList ? AgentClassifier.Load(SharedAgents.Path("crawler-user-agents.json")) : Own;
        var wrong = SharedAgents.Browsers()
            .Where(browser => classifier.Classify(browser.Agent).IsBot && !Disputed.Any(name => browser.Agent.Contains(name, StringComparison.Ordinal)))
            .Select(browser => $"{browser.Name}: {classifier.Classify(browser.Agent).BotClass}: {browser.Agent}").ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} people taken for bots:\n" + string.Join('\n', wrong));
    }

    [Fact]
    public void A_person_has_a_device()
    {
        var other = SharedAgents.Browsers().Where(browser => Own.Classify(browser.Agent).DeviceClass == "other").Select(browser => browser.Name + ": " + browser.Agent).ToList();
        Assert.True(other.Count <= 40, $"{other.Count} without a device:\n" + string.Join('\n', other));
    }

    [Fact]
    public void Any_bytes_get_the_same_answer_twice() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            var verdict = Own.Classify(bytes);
            Assert.Equal(verdict, Own.Classify(bytes));
            Assert.Contains(verdict.DeviceClass, new[] { "desktop", "mobile", "tablet", "tv", "bot", "other" });
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("[{\"pattern\":\"(a+)+$(?<=b)\"},{\"pattern\":\"Good(Bot|Dog)\",\"tags\":[\"seo\"]},{\"pattern\":\"[\"},{\"pattern\":\"\"},{},3]", 1, 2)]
    [InlineData("[]", 0, 0)]
    public void A_pattern_that_cannot_be_used_is_left_out(string json, int usable, int unusable)
    {
        var classifier = new AgentClassifier(System.Text.Encoding.UTF8.GetBytes(json));
        Assert.Equal((usable, unusable, true), (classifier.Patterns, classifier.Unusable, classifier.HasList));
        Assert.Equal(usable == 1 ? "seo" : null, classifier.Classify("Mozilla/5.0 (X11; Linux) GoodDog/1.0").BotClass);
    }

    [Fact]
    public void What_is_no_list_says_so() => Assert.ThrowsAny<System.Text.Json.JsonException>(() => new AgentClassifier("{}"u8.ToArray()));

    [Fact]
    public void A_long_agent_costs_no_more_than_its_limit()
    {
        var classifier = AgentClassifier.Load(SharedAgents.Path("crawler-user-agents.json"));
        var agent = string.Concat(Enumerable.Repeat("Spider Current ContextualBot (compatible; ", 5000));
        Assert.True(classifier.Classify(agent).IsBot);
    }
}
