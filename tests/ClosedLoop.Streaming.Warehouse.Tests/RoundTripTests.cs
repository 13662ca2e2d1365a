using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Warehouse.Native;
using ClosedLoop.Streaming.Warehouse.Sink;
using ClosedLoop.Streaming.Warehouse.Tables;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>What goes into a block comes out of the engine as it was.</summary>
public sealed class RoundTripTests(Chdb chdb)
{
    [Fact]
    public async Task Any_text_number_and_time_survives()
    {
        var chance = new System.Random(11);
        var facts = Enumerable.Range(0, 300).Select(i => (Text: Wild(chance), Money: chance.NextInt64(-1_000_000_000_000_000, 1_000_000_000_000_000), Present: chance.Next(2) == 0)).ToList();
        var sorter = new FactSorter();
        for (var i = 0; i < facts.Count; i++)
            sorter.Add(Facts.Event("wild" + i, Facts.Start + i, "wild" + i, hit =>
            {
                // Rows with and without the field, in runs: absent ones are filled afterwards.
                if (!facts[i].Present) return;
                hit.Add(Field.Answer, facts[i].Text).Add(Field.Revenue, facts[i].Money).Add(Field.Score, i % 11);
            }), new FactPlace(1, i));
        foreach (var (table, month, rows) in sorter.Filled.ToList()) await chdb.Warehouse.InsertAsync(rows.Block(1), $"wild-{table}-{month}", Chdb.Cancel);
        var stored = await chdb.Warehouse.RowsAsync(new WarehouseQuery(
            "SELECT base64Encode(answer), toDecimalString(revenue, 4), score, toUnixTimestamp64Milli(derived_tstamp) FROM events WHERE visitor_id LIKE 'wild%' ORDER BY log_offset"), Chdb.Cancel);
        Assert.Equal(facts.Count, stored.Count);
        for (var i = 0; i < facts.Count; i++)
        {
            var (text, money, present) = facts[i];
            Assert.Equal(present ? text : "", Encoding.UTF8.GetString(Convert.FromBase64String(stored[i][0].GetString()!)));
            Assert.Equal(present ? Money.ToDecimal(money) : 0m, decimal.Parse(stored[i][1].GetString()!));
            Assert.Equal(present ? i % 11 : -1, stored[i][2].GetInt32());
            Assert.Equal(Facts.Start + i, long.Parse(stored[i][3].GetString()!));
        }
    }

    [Fact]
    public void Text_of_any_length_has_its_length_in_front() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), value =>
    {
        var bytes = new ColumnBytes();
        bytes.Text(value);
        var used = Varint.Read(bytes.Written.Span, out var length);
        return (int)length == value.Length && bytes.Written.Span[used..].SequenceEqual(value);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_round_written_down_reads_back() => Prop.ForAll(ArbMap.Default.ArbFor<(ushort From, ushort Count)[]>(), ranges =>
    {
        if (ranges.Length == 0) return true;
        var round = new RoundRecord(3, 4, [.. ranges.Select(range => new PartitionRange(range.From, range.From + range.Count))], 5);
        return RoundRecord.RangesOf(round.Key).SequenceEqual(round.Ranges);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Tokens_differ_when_anything_of_the_batch_differs()
    {
        var round = new RoundRecord(1, 1, [new(0, 5), new(3, 3)], 9);
        RoundRecord[] others =
        [
            round with { Epoch = 2 }, round with { Content = 10 }, round with { Ranges = [new(0, 5), new(3, 4)] }, round with { Ranges = [new(0, 6), new(3, 3)] },
        ];
        var tokens = others.Select(other => other.Token("events", 202611)).Append(round.Token("events", 202611)).Append(round.Token("events", 202612)).Append(round.Token("sessions", 202611));
        Assert.Equal(7, tokens.Distinct().Count());
        Assert.Equal(round.Token("events", 202611), (round with { Number = 2 }).Token("events", 202611));
    }

    [Theory]
    [InlineData("https://shop.example/a/b?x=1#y", "shop.example", "/a/b", "x=1")]
    [InlineData("https://user:pw@Shop.example:8443", "Shop.example", "/", "")]
    [InlineData("http://[2001:db8::1]:80/x", "[2001:db8::1]", "/x", "")]
    [InlineData("http://[2001:db8::1]/x?", "[2001:db8::1]", "/x", "")]
    [InlineData("/only/path?q=a://b", "", "/only/path", "q=a://b")]
    [InlineData("", "", "", "")]
    [InlineData("https://", "", "/", "")]
    [InlineData("#x", "", "", "")]
    public void Addresses_are_cut_into_their_parts(string url, string host, string path, string query)
    {
        var parts = new UrlParts(Encoding.UTF8.GetBytes(url));
        Assert.Equal((host, path, query), (Encoding.UTF8.GetString(parts.Host), Encoding.UTF8.GetString(parts.Path), Encoding.UTF8.GetString(parts.Query)));
    }

    private static string Wild(System.Random chance)
    {
        string[] pieces = ["\0", "\n", "\t", "\\", "'", "\"", "ß", "漢字", "👩‍👩‍👧", "a", "{x:String}", "$$", "--", "/*", "\\N", " ", "\r"];
        return string.Concat(Enumerable.Range(0, chance.Next(0, 90)).Select(_ => pieces[chance.Next(pieces.Length)]));
    }
}
