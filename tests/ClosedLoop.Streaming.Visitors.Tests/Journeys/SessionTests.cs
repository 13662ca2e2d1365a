using System.Globalization;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Visitors.Tests.Journeys;

/// <summary>
/// FIELD.md §7 as rows. A hit is "minute what": v a view, g a view from a search engine, c=x a view with campaign x, C=x the same with a
/// referrer, i=x a link with campaign x from the site to itself, k=x a stored link clicked on the site's own page, p back from a payment
/// provider, s=x a message that sales sent.
/// The result is hits@channel per session.
/// </summary>
public class SessionTests
{
    // Ten minutes to midnight.
    private const long Start = 1_795_046_400_000 - 10 * Memory.Minute;

    [Theory]
    [InlineData("0 v, 30 v", "2@Direct")]
    [InlineData("0 v, 30.001 v", "1@Direct | 1@Direct")]
    [InlineData("0 v, 25 v, 50 v, 75 v", "4@Direct")]
    [InlineData("0 v, 20 v", "2@Direct")]
    [InlineData("0 g, 5 v", "2@Organic Search")]
    [InlineData("0 v, 5 g", "2@Direct")]
    [InlineData("0 v, 5 c=a", "1@Direct | 1@Email")]
    [InlineData("0 c=a, 5 c=a, 6 v", "3@Email")]
    [InlineData("0 c=a, 5 C=a, 6 c=a", "3@Email")]
    [InlineData("0 c=a, 5 c=b, 10 c=a", "1@Email | 1@Email | 1@Email")]
    [InlineData("0 c=a, 5 i=b, 6 v", "3@Email")]
    [InlineData("0 v, 5 i=b", "2@Direct")]
    [InlineData("0 v, 5 k=b, 6 v", "1@Direct | 2@Email")]
    [InlineData("0 g, 20 p, 21 v", "3@Organic Search")]
    [InlineData("0 g, 200 p, 210 v", "3@Organic Search")]
    [InlineData("0 g, 1441 p", "1@Organic Search | 1@Direct")]
    [InlineData("0 v, 20 s=x, 40 v", "1@Direct | 1@Direct")]
    [InlineData("0 c=a, 31 v", "1@Email | 1@Direct")]
    public void Hits_fall_into_sessions(string hits, string expected)
    {
        var records = hits.Split(", ").Select(Record).ToList();
        Assert.Equal(expected, Sessions(records));
        records.Reverse();
        Assert.Equal(expected, Sessions(records));
    }

    [Fact]
    public void A_session_is_engaged_by_two_views_a_key_event_or_more_than_ten_seconds()
    {
        Assert.False(Engaged(Hit.Page("v", Start)));
        Assert.True(Engaged(Hit.Page("v", Start), Hit.Page("v", Start)));
        Assert.False(Engaged(Hit.Page("v", Start), Hit.Of("click", "v", Start + 10_000)));
        Assert.True(Engaged(Hit.Page("v", Start), Hit.Of("click", "v", Start + 10_001)));
        Assert.True(Engaged(Hit.Page("v", Start), Hit.Of("add_to_cart", "v", Start + 1)));
    }

    [Fact]
    public void A_session_knows_where_it_began_and_ended()
    {
        var memory = new Memory();
        memory.Add(Hit.Page("v", Start + 2, "/last?x=1"));
        memory.Add(Hit.Page("v", Start, "/first"));
        memory.Add(Hit.Page("v", Start + 1, "/middle#top"));
        var session = memory.History.Sessions[0];
        Assert.Equal("/first"u8, memory.History.PageText(session.Entry));
        Assert.Equal("/last"u8, memory.History.PageText(session.Exit));
    }

    [Fact]
    public void A_hit_of_last_week_joins_the_session_within_half_an_hour_of_it_and_counts_in_any_case()
    {
        var memory = new Memory();
        memory.Add(Hit.Page("v", Start));
        memory.Add(Hit.Page("v", Start + 7 * Memory.Day));
        memory.Add(Hit.Page("v", Start + 20 * Memory.Minute));
        memory.Add(Hit.Page("v", Start + 90 * Memory.Minute));
        Assert.Equal([2, 1, 1], memory.History.Sessions.Span.ToArray().Select(s => s.Hits));
        Assert.Equal(4, memory.Person.PageViews);
    }

    private static bool Engaged(params Hit[] hits)
    {
        var memory = new Memory();
        foreach (var hit in hits) memory.Add(hit);
        return Assert.Single(memory.History.Sessions.Span.ToArray()).Engaged;
    }

    private static string Sessions(IEnumerable<byte[]> records)
    {
        var memory = new Memory();
        foreach (var record in records) memory.Add(record);
        var history = memory.Reread();
        return string.Join(" | ", history.Sessions.Span.ToArray().Select(s => $"{s.Hits}@{System.Text.Encoding.UTF8.GetString(history.ChannelOf(s.Source))}"));
    }

    private static byte[] Record(string hit)
    {
        var (minute, what) = (hit.Split(' ')[0], hit.Split(' ')[1]);
        var at = Start + (long)(decimal.Parse(minute, CultureInfo.InvariantCulture) * Memory.Minute);
        var name = what.Length > 2 ? what[2..] : "";
        const string own = "https://shop.example/list";
        return (what[0] switch
        {
            'v' => Hit.Page("v", at),
            'g' => Hit.Page("v", at, "/", "https://www.google.com/"),
            'c' => Hit.Page("v", at).Campaign("news", "email", name),
            'C' => Hit.Page("v", at, "/", "https://mail.example/").Campaign("news", "email", name),
            'i' => Hit.Page("v", at, "/", own).Campaign("banner", "cpc", name),
            'k' => Hit.Of("click", "v", at).Campaign("news", "email", name).With(Field.LinkSlug, name).With(Field.Referrer, own),
            'p' => Hit.Page("v", at, "/thanks", "https://www.paypal.com/"),
            _ => Hit.Of("message_sent", "v", at),
        }).Record(hit);
    }
}
