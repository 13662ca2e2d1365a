using System.Text.Json;

namespace ClosedLoop.Streaming.Host.Verbs.Replays;

/// <summary>
/// Written before anything is thrown away and deleted at the end: up to where each partition had worked, what its states were, and how many
/// rows there were. While it is there the system doesn't run, and a replay that was cut off goes on from it.
/// </summary>
internal sealed record ReplayMark(long[] Absorbed, string[] States, long[] FactsFrom, Dictionary<string, long> Rows, bool WithWarehouse)
{
    public static string FileIn(string folder) => Path.Combine(folder, "replay.json");

    public static ReplayMark? Read(string folder) =>
        File.Exists(FileIn(folder)) ? JsonSerializer.Deserialize<ReplayMark>(File.ReadAllBytes(FileIn(folder))) : null;

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
