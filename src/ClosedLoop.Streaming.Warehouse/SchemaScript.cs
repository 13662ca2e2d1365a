using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Warehouse;

/// <summary>
/// Brings database <c>closedloop</c> up to date from Schema/*.sql: numbered files are applied once, in order, and never change afterwards;
/// views.sql is applied anew whenever its text changed. Every statement is idempotent, so a start that was cut off is simply repeated.
/// </summary>
public static partial class SchemaScript
{
    private const string Prefix = "ClosedLoop.Streaming.Warehouse.Schema.";
    private const string ViewsName = "views.sql";

    /// <summary>Names of the numbered files, in order.</summary>
    public static IReadOnlyList<string> Versions { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..])
            .Where(name => name != ViewsName).Order(StringComparer.Ordinal)];

    /// <param name="synced">True: an insert is on the disk when it is confirmed; false: in the system's page cache.</param>
    public static async Task ApplyAsync(IWarehouse warehouse, bool synced, CancellationToken cancel)
    {
        // The engine's default database is an overlay that keeps nothing reliably: ours is Atomic, and named.
        await warehouse.ExecuteAsync("CREATE DATABASE IF NOT EXISTS closedloop ENGINE = Atomic", cancel).ConfigureAwait(false);
        await warehouse.ExecuteAsync(
            "CREATE TABLE IF NOT EXISTS closedloop.schema_versions (name String, hash String, applied_at DateTime('UTC') DEFAULT now()) "
            + "ENGINE = MergeTree ORDER BY (name, applied_at) SETTINGS fsync_after_insert = 1", cancel).ConfigureAwait(false);
        var applied = await AppliedAsync(warehouse, cancel).ConfigureAwait(false);
        ThrowIfStrange(applied);
        foreach (var name in Versions.Where(name => !applied.ContainsKey(name))) await RunAsync(warehouse, name, Text(name), cancel).ConfigureAwait(false);

        var views = Text(ViewsName);
        if (applied.GetValueOrDefault(ViewsName) != HashOf(views)) await RunAsync(warehouse, ViewsName, views, cancel).ConfigureAwait(false);
        await SetDurabilityAsync(warehouse, synced, cancel).ConfigureAwait(false);
    }

    /// <summary>For a process that only reads: looks whether the schema is there and its own, and changes nothing.</summary>
    /// <exception cref="WarehouseAwayException">It isn't there yet, or not all of it.</exception>
    /// <exception cref="InvalidOperationException">It belongs to another version of the program.</exception>
    public static async Task LookAsync(IWarehouse warehouse, CancellationToken cancel)
    {
        var applied = await IsThereAsync(warehouse, cancel).ConfigureAwait(false) ? await AppliedAsync(warehouse, cancel).ConfigureAwait(false) : [];
        ThrowIfStrange(applied);
        if (Versions.FirstOrDefault(name => !applied.ContainsKey(name)) is { } missing)
            throw new WarehouseAwayException($"The warehouse has no schema yet ({missing} is missing); the process with the role warehouse brings it.");
    }

    /// <summary>Why a warehouse that may be empty can't be brought up to date by this program; empty when it can.</summary>
    internal static async Task<IReadOnlyList<string>> StrangersAsync(IWarehouse warehouse, CancellationToken cancel) =>
        await IsThereAsync(warehouse, cancel).ConfigureAwait(false) ? Strangers(await AppliedAsync(warehouse, cancel).ConfigureAwait(false)) : [];

    /// <summary>Names of the tables that the numbered files create.</summary>
    public static IReadOnlyList<string> Tables { get; } =
        [.. Versions.SelectMany(name => TableName().Matches(Text(name))).Select(match => match.Groups[1].Value)];

    /// <summary>Statements of a file: separated by a semicolon at the end of a line; comments of whole lines are dropped.</summary>
    internal static IReadOnlyList<string> Statements(string text)
    {
        var lines = text.Split('\n').Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal));
        return [.. string.Join('\n', lines).Split(";\n").Select(statement => statement.Trim().TrimEnd(';')).Where(statement => statement.Length > 0)];
    }

    private static async Task RunAsync(IWarehouse warehouse, string name, string text, CancellationToken cancel)
    {
        foreach (var statement in Statements(text)) await warehouse.ExecuteAsync(statement, cancel).ConfigureAwait(false);
        await NoteAsync(warehouse, name, HashOf(text), cancel).ConfigureAwait(false);
    }

    // What the tables say themselves counts, not what somebody noted about them: an unsynced table at durability disk would be a lie.
    private static async Task SetDurabilityAsync(IWarehouse warehouse, bool synced, CancellationToken cancel)
    {
        var (wanted, other) = synced ? ("1", "0") : ("0", "1");
        var query = new WarehouseQuery("SELECT name FROM system.tables WHERE database = 'closedloop' AND position(engine_full, {other:String}) > 0")
        {
            Parameters = new Dictionary<string, string> { ["other"] = $"fsync_after_insert = {other}" },
        };
        var wrong = await warehouse.RowsAsync(query, cancel).ConfigureAwait(false);
        foreach (var table in wrong.Select(row => row[0].GetString()!).Where(Tables.Contains))
            await warehouse.ExecuteAsync(
                $"ALTER TABLE closedloop.{table} MODIFY SETTING fsync_after_insert = {wanted}, fsync_part_directory = {wanted}", cancel).ConfigureAwait(false);
    }

    private static async Task<bool> IsThereAsync(IWarehouse warehouse, CancellationToken cancel) => await warehouse.ValueAsync(
        new WarehouseQuery("SELECT count() FROM system.tables WHERE database = 'closedloop' AND name = 'schema_versions'"), cancel).ConfigureAwait(false) != "0";

    private static void ThrowIfStrange(Dictionary<string, string> applied)
    {
        if (Strangers(applied) is { Count: > 0 } strangers) throw new InvalidOperationException(string.Join(Environment.NewLine, strangers));
    }

    private static List<string> Strangers(Dictionary<string, string> applied) =>
    [
        .. Versions.Where(name => applied.TryGetValue(name, out var hash) && hash != HashOf(Text(name)))
            .Select(name => $"Schema file {name} differs from what this warehouse was made with. An applied file never changes: add a new one."),
        .. applied.Keys.Where(name => name != ViewsName && !Versions.Contains(name)).Order(StringComparer.Ordinal)
            .Select(name => $"The warehouse was brought up to date by a newer program ({name} is unknown to this one): run that version or a later one."),
    ];

    // Names and hashes are our own constants: nothing from outside is in these statements.
    private static Task NoteAsync(IWarehouse warehouse, string name, string hash, CancellationToken cancel) =>
        warehouse.ExecuteAsync($"INSERT INTO closedloop.schema_versions (name, hash) SELECT '{name}', '{hash}'", cancel);

    private static async Task<Dictionary<string, string>> AppliedAsync(IWarehouse warehouse, CancellationToken cancel)
    {
        var applied = new Dictionary<string, string>();
        var query = new WarehouseQuery("SELECT name, argMax(hash, applied_at) FROM closedloop.schema_versions GROUP BY name");
        foreach (var row in await warehouse.RowsAsync(query, cancel).ConfigureAwait(false))
            applied[row[0].GetString()!] = row[1].GetString()!;
        return applied;
    }

    private static string HashOf(string text) =>
        XxHash.Hash64(Encoding.UTF8.GetBytes(text)).ToString("x16", CultureInfo.InvariantCulture);

    private static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name)
            ?? throw new InvalidOperationException($"Schema file {name} is not in the program.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"CREATE TABLE IF NOT EXISTS closedloop\.([a-z_]+)", RegexOptions.CultureInvariant)]
    private static partial Regex TableName();
}
