using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Warehouse.Tables;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Warehouse.Sink;

/// <summary>
/// A batch whose content the warehouse refuses, again and again: it is cut in halves until the fact that is to blame stands alone and goes
/// to <c>unreadable_facts</c> under the code's name. Parts have tokens and numbers of their own and are asked for before they are sent, so
/// a crash in between doubles nothing: the whole is refused again at the next start, and the parts that are in are left alone.
/// </summary>
internal sealed class RefusedBatch(ILog log, IWarehouse warehouse, WarehouseOptions options, ILogger logger)
{
    /// <summary>Attempts of the whole before it is cut.</summary>
    public const int AttemptsMax = 3;

    /// <summary>Codes that blame what is in the rows: parsing, types, ranges. Everything else (memory, disk, network, missing tables) passes.</summary>
    private static readonly FrozenSet<int> DataCodes = new[]
    {
        6, 26, 27, 32, 33, 38, 41, 53, 69, 70, 72, 117, 130, 131, 190, 321, 349, 407, 441, 469, 675, 676,
    }.ToFrozenSet();

    private readonly FactSorter _sorter = new();

    public static bool Blames(WarehouseException failure) => DataCodes.Contains(failure.Code);

    /// <summary>Brings in what the warehouse takes of the batch. Throws when it can't be reached; calling again goes on.</summary>
    public async Task SendPartsAsync(RoundRecord round, string table, int month, string token, Func<string, string, CancellationToken, Task<bool>> arrived, CancellationToken cancel)
    {
        var facts = await FactsAsync(round, table, month, cancel).ConfigureAwait(false);
        WarehouseMessages.BatchCut(logger, table, month, facts.Count);
        // Left to right, so that the parts of one batch have one order, whatever was in before.
        var parts = new Stack<(int From, int Count)>([(0, facts.Count)]);
        while (parts.TryPop(out var part))
        {
            var partToken = string.Create(CultureInfo.InvariantCulture, $"{token}-p{part.From}-{part.Count}");
            if (await arrived(table, partToken, cancel).ConfigureAwait(false)) continue;
            try
            {
                // The whole was refused already.
                if (part.Count == facts.Count && part.Count > 1) Halve(parts, part);
                else await InsertAsync(facts, part, partToken, arrived, cancel).ConfigureAwait(false);
            }
            catch (WarehouseException refused) when (Blames(refused))
            {
                if (part.Count > 1) Halve(parts, part);
                else await KeepAsync(facts[part.From], refused.Code, partToken, arrived, cancel).ConfigureAwait(false);
            }
        }
    }

    private static void Halve(Stack<(int From, int Count)> parts, (int From, int Count) part)
    {
        var half = part.Count / 2;
        parts.Push((part.From + half, part.Count - half));
        parts.Push((part.From, half));
    }

    private async Task InsertAsync(
        List<(FactPlace Place, ReadOnlyMemory<byte> Record)> facts, (int From, int Count) part, string token,
        Func<string, string, CancellationToken, Task<bool>> arrived, CancellationToken cancel)
    {
        _sorter.Clear();
        foreach (var (place, record) in facts.Skip(part.From).Take(part.Count)) _sorter.Add(record, place);
        foreach (var (_, _, rows) in _sorter.Filled)
            await InsertAsync(rows.Block(RoundRecord.BatchOf(token)), token, arrived, cancel).ConfigureAwait(false);
    }

    private async Task InsertAsync(NativeBlock block, string token, Func<string, string, CancellationToken, Task<bool>> arrived, CancellationToken cancel)
    {
        await warehouse.InsertAsync(block, token, cancel).ConfigureAwait(false);
        if (await arrived(block.Table, token, cancel).ConfigureAwait(false)) return;
        // Known from a life that was killed before its rows were there.
        await warehouse.InsertAsync(block, token + "-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), cancel).ConfigureAwait(false);
    }

    private async Task KeepAsync(
        (FactPlace Place, ReadOnlyMemory<byte> Record) fact, int code, string token, Func<string, string, CancellationToken, Task<bool>> arrived, CancellationToken cancel)
    {
        var table = new UnreadableFactsTable();
        if (await arrived(table.Name, token, cancel).ConfigureAwait(false)) return;
        table.Append(fact.Record.Span, string.Create(CultureInfo.InvariantCulture, $"refused_{code}"), fact.Place);
        await InsertAsync(table.Block(RoundRecord.BatchOf(token)), token, arrived, cancel).ConfigureAwait(false);
        WarehouseMessages.FactRefused(logger, fact.Place.Partition, fact.Place.Offset, code);
    }

    /// <summary>The facts of one table and month of the round, read from the log again.</summary>
    private async Task<List<(FactPlace Place, ReadOnlyMemory<byte> Record)>> FactsAsync(RoundRecord round, string table, int month, CancellationToken cancel)
    {
        var facts = new List<(FactPlace, ReadOnlyMemory<byte>)>();
        for (var partition = 0; partition < round.Ranges.Count; partition++)
        {
            for (var (next, to) = (round.Ranges[partition].From, round.Ranges[partition].To); next < to;)
            {
                var slice = await log.ReadAsync(Topic.Facts, partition, next, options.ReadBytesMax, cancel).ConfigureAwait(false);
                next = slice.FirstOffset;
                foreach (var record in slice)
                {
                    if (next >= to) break;
                    var place = new FactPlace(partition, next++);
                    _sorter.Clear();
                    _sorter.Add(record, place);
                    if (_sorter.Filled.Any(filled => filled.Table == table && filled.Month == month)) facts.Add((place, record));
                }
            }
        }
        return facts;
    }
}
