namespace ClosedLoop.Streaming.Warehouse.Server;

/// <summary>Looks at a server before anything starts: is it there, does it let us in, is it new enough, is the schema ours.</summary>
internal sealed class ServerCheck(IWarehouse server, ServerConnection connection)
{
    /// <summary>The oldest version whose tokens, parameters and views are what the statements here were written for.</summary>
    public static readonly Version VersionMin = new(24, 3);

    private const string Setting = "CLOSEDLOOP_CLICKHOUSE_URL";

    public async Task<IReadOnlyList<string>> MistakesAsync(CancellationToken cancel)
    {
        var mistakes = new List<string>();
        try
        {
            var version = await server.ValueAsync(new WarehouseQuery("SELECT version()"), cancel).ConfigureAwait(false);
            if (!IsNewEnough(version)) mistakes.Add($"{Setting}: {connection.Name} runs ClickHouse {version}; {VersionMin} or newer is needed.");
            mistakes.AddRange((await SchemaScript.StrangersAsync(server, cancel).ConfigureAwait(false)).Select(wrong => $"{Setting}: {connection.Name}: {wrong}"));
        }
        catch (WarehouseAwayException e)
        {
            mistakes.Add($"{Setting}: {e.Message}");
        }
        catch (WarehouseException e)
        {
            mistakes.Add(e.Code is 192 or 193 or 194 or 497 or 516
                ? $"{Setting}: {connection.Name} does not let the user '{connection.User}' in. User and password stand in the address, before the host, "
                    + $"or in {WarehouseOptions.Section.Replace(":", "__", StringComparison.Ordinal)}__ServerUser and __ServerPassword."
                : $"{Setting}: {connection.Name} answers as no ClickHouse that can be used: {e.Message}");
        }
        return mistakes;
    }

    internal static bool IsNewEnough(string version)
    {
        var parts = version.Split('.');
        return parts.Length >= 2 && int.TryParse(parts[0], out var major) && int.TryParse(parts[1], out var minor) && new Version(major, minor) >= VersionMin;
    }
}
