using System.Text.Json;

namespace ClosedLoop.Streaming.Host.Verbs.Migrations;

/// <summary>
/// Lies in the data folder of the side that is moved to while a migration is under way: which log goes into which. While it is there the system
/// doesn't start from that folder, and a migration that was cut off goes on.
/// </summary>
internal sealed record MigrationMark(string From, string To)
{
    public static string FileIn(string folder) => Path.Combine(folder, "migration.json");

    public static MigrationMark? Read(string folder) =>
        File.Exists(FileIn(folder)) ? JsonSerializer.Deserialize<MigrationMark>(File.ReadAllBytes(FileIn(folder))) : null;

    public void Write(string folder)
    {
        var temporary = FileIn(folder) + ".new";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(this));
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, FileIn(folder), overwrite: true);
    }

    public static void Delete(string folder) => File.Delete(FileIn(folder));
}
