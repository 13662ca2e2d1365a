using System.Globalization;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>How many people are in which segment: from the shelves where this process has them all, from the warehouse where others have them.</summary>
internal sealed class PeopleCount(CensusTaker census, LiveStates live, TimeProvider time, IWarehouse? warehouse = null, ProcessorService? processor = null)
{
    private static readonly WarehouseQuery Members =
        new("SELECT segment, countIf(lead_id = ''), countIf(lead_id != '') FROM segment_members GROUP BY segment");

    /// <exception cref="ApiException">Neither can be asked now.</exception>
    public async Task<Census> NowAsync(CancellationToken cancel)
    {
        if (processor is not null && !live.IsShared)
        {
            live.MustHaveEverybody();
            return census.Now();
        }
        if (warehouse is null) live.MustHaveEverybody();
        try
        {
            // What the warehouse does not have yet is a second or two behind.
            var counted = new Census(time.GetUtcNow().ToUnixTimeMilliseconds());
            foreach (var row in await warehouse!.RowsAsync(Members, cancel))
                counted.Count(row[0].GetString()!, Number(row[1].GetString()!), Number(row[2].GetString()!));
            return counted;
        }
        catch (WarehouseAwayException)
        {
            throw new ApiException(ApiRefusal.Unavailable, "People are counted in the warehouse, which does not answer now. Try again soon.");
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
