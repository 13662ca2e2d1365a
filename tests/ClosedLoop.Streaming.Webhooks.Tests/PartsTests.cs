using System.Net;
using ClosedLoop.Streaming.Events;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Webhooks.Tests;

public class PartsTests
{
    [Fact]
    public void The_prefix_never_passes_what_is_not_settled_and_reaches_the_end_when_all_is() => Prop.ForAll<bool[], int>((wanted, seed) =>
    {
        var progress = new PartitionProgress(7);
        var open = new List<Marker>();
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i])
            {
                var marker = progress.Begin(7 + i);
                marker.Expect();
                marker.Settle();
                open.Add(marker);
            }
            progress.Read(8 + i);
        }
        var chance = new Random(seed);
        while (open.Count > 0)
        {
            if (progress.Prefix() != open.Min(m => m.Offset)) return false;
            var at = chance.Next(open.Count);
            open[at].Settle();
            open.RemoveAt(at);
        }
        return progress.Prefix() == 7 + wanted.Length;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_each_person_exactly_the_oldest_may_be_attempted() => Prop.ForAll<byte[], int>((people, seed) =>
    {
        var order = new PersonOrder();
        var free = new List<Delivery>();
        var ended = new Dictionary<Id, long>();
        var sequence = 0L;
        foreach (var person in people)
        {
            var delivery = new Delivery { Sequence = ++sequence, Message = new Id(1, (ulong)sequence), Person = new Id(0, person % 4UL), Type = "", CreatedMs = 0 };
            if (order.Add(delivery)) free.Add(delivery);
        }
        var chance = new Random(seed);
        var done = 0;
        while (free.Count > 0)
        {
            if (free.Select(d => d.Person).Distinct().Count() != free.Count) return false;
            var next = free[chance.Next(free.Count)];
            free.Remove(next);
            if (ended.GetValueOrDefault(next.Person) > next.Sequence) return false;
            ended[next.Person] = next.Sequence;
            done++;
            if (order.Remove(next) is { } follower) free.Add(follower);
        }
        return done == people.Length;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Shared_places_are_never_more_than_there_are()
    {
        var places = new SharedPlaces(3);
        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(_ => places.TryTake()));
        places.Return();
        Assert.True(places.TryTake());
        Assert.False(places.TryTake());
    }

    [Fact]
    public void Any_text_is_judged_and_what_passes_is_a_name_or_a_public_address()
    {
        var guard = new AddressGuard([]);
        string[] pieces = ["http://", "https://", "127.0.0.1", "0x7f", "1", ".", ":", "8080", "@", "/", "[", "]", "::", "ffff", "%31", "\\", "localhost", "example.com", "#", "?", "\t", "é"];
        Prop.ForAll<byte[]>(choice =>
        {
            var text = "http" + (choice.Length % 2 == 0 ? "s://" : "://") + string.Concat(choice.Select(c => pieces[c % pieces.Length]));
            if (!WebhookUrl.TryParse(text, guard, out var url, out var reason)) return reason.Length > 0;
            return url.UserInfo.Length == 0 && (!IPAddress.TryParse(url.IdnHost.TrimEnd('.'), out var address) || guard.Refusal(address) is null);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_defaults_have_no_mistakes_and_every_mistake_is_named()
    {
        Assert.Empty(new WebhooksOptions().Mistakes());
        var wrong = new WebhooksOptions
        {
            Allow = ["10.0.0.0/8", "10.0.0.0/33", "everything"], PerEndpointMax = 0, SharedMax = -1, AttemptTimeout = TimeSpan.Zero, HistoryMax = 0,
            RetryAfterMax = TimeSpan.FromDays(30), BodyBytesMax = 1,
        }.Mistakes();
        string[] parts = ["10.0.0.0/33", "everything", "PerEndpointMax", "SharedMax", "AttemptTimeout", "HistoryMax", "RetryAfterMax", "BodyBytesMax"];
        Assert.Equal(parts.Length, wrong.Count);
        Assert.All(parts, part => Assert.Contains(wrong, mistake => mistake.Contains(part)));
    }
}
