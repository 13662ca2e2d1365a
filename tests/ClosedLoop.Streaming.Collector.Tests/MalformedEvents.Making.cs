using System.Globalization;

namespace ClosedLoop.Streaming.Collector.Tests;

internal static partial class MalformedEvents
{
    private const string Bought = ",\"order_id\":\"o\",\"revenue\":1,\"currency\":\"EUR\"";

    public static Wrong Next(Random random)
    {
        var kind = random.Next(OfPeople.Length + OfValues.Length);
        var wrong = kind < OfPeople.Length ? OfPeople[kind](random) : OfValues[kind - OfPeople.Length](random);
        if (wrong.Field == "campaign.") wrong = wrong with { Field = "campaign." + wrong.Json.Split("\"campaign\":{\"")[1].Split('"')[0] };
        if (wrong is { Reason: "field_missing", Field: "" }) wrong = wrong with { Field = wrong.Json.Contains("visitor_id", StringComparison.Ordinal) ? "other_visitor_id" : "visitor_id" };
        return wrong;
    }

    /// <summary>An event that must be accepted, of any kind.</summary>
    public static string Good(Random random, int ordinal) => Pick(random,
        """{"event":"identify","lead":{"external_id":"g#","traits":{"city":"Lviv","vip":true,"gone":null}}}""",
        """{"event":"purchase","lead":{"external_id":"g#"},"properties":{"order_id":"G-#","revenue":#.5,"currency":"EUR","items":[{"price":5,"cost":2}]}}""",
        """{"event":"deal_lost","properties":{"deal_id":1#,"reason":"price"}}""",
        """{"event":"refund","properties":{"deal_id":"D-#","revenue":1}}""",
        """{"event":"stage_changed","lead":{"phone":"+380501#"},"stage":"lost","reason":"no budget"}""",
        """{"event":"satisfaction_scored","lead":{"email":"g#@shop.example"},"score":10}""",
        """{"event":"my own","visitor_id":"g#","properties":{"stage":[1],"revenue":"a lot","reason":{},"order_id":"   "}}""")
        .Replace("#", ordinal.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static Wrong Missing(Random random, string name, string properties, string field) => random.Next(2) == 0
        ? new($$$"""{"event":"{{{name}}}","lead":{"external_id":"x"},"properties":{{{{properties}}}}}""", "field_missing", PathIn(properties, field, "properties."))
        : new($$$"""{"event":"{{{name}}}","lead":{"external_id":"x"}{{{(properties.Length > 0 ? "," : "")}}}{{{properties}}}}""", "field_missing", field);

    // An empty text was given, and is missing all the same: then it is known where.
    private static string PathIn(string properties, string field, string within) =>
        properties.Contains($"\"{field}\":\"\"", StringComparison.Ordinal) ? within + field : field;

    private static Wrong Of(string name, string member, string value, string reason, string more = "") =>
        new($$$"""{"event":"{{{name}}}","lead":{"external_id":"x"},"properties":{"{{{member}}}":{{{value}}}{{{more}}}}}""", reason, "properties." + member);

    private static Wrong Items(Random random, string wrong, string at)
    {
        var before = random.Next(4);
        var items = string.Concat(Enumerable.Repeat("{\"price\":1,\"cost\":0.5,\"quantity\":2},", before)) + wrong;
        return Of("purchase", "items", $"[{items}]", "bad_items", Bought) with { Field = $"properties.items[{before}]{at}" };
    }

    private static string Traits(int count) => "{" + string.Join(',', Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"t{i}\":1"))) + "}";

    private static string Long(Random random, int length) => new(random.Next(2) == 0 ? 'x' : 'é', length);

    private static string Pick(Random random, params string[] of) => of[random.Next(of.Length)];
}
