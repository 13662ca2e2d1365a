using ClosedLoop.Streaming.Host.Settings;

namespace ClosedLoop.Streaming.Host.Verbs.Migrations;

/// <summary>Cookies, links and identifiers were made with the master key, so both forms have the same one.</summary>
internal static class MigrationKeys
{
    /// <exception cref="VerbException">The distributed side has another key, or none is there to carry over.</exception>
    public static void Carry(HostSettings embedded, HostSettings distributed, bool fromEmbedded)
    {
        var file = DataFolder.MasterKeyFile(embedded.Data);
        if (fromEmbedded && !File.Exists(embedded.Log.Path)) throw new VerbException($"There is no log at {embedded.Log.Path}: no embedded system was there.");
        var key = File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        if (fromEmbedded && key is null && distributed.MasterKey is null) throw new VerbException($"There is no {file}; set CLOSEDLOOP_MASTER_KEY to the key of that system.");
        if (distributed.MasterKey is null)
            throw new VerbException("Processes of the distributed form share CLOSEDLOOP_MASTER_KEY. " + (fromEmbedded ? $"Set it to the content of {file}." : "Set it to the key that they have."));
        if (key is not null && !key.Equals(distributed.MasterKey, StringComparison.OrdinalIgnoreCase))
            throw new VerbException($"CLOSEDLOOP_MASTER_KEY is another key than {file} holds: nobody's cookie or address would be known again. Use the same one.");
        if (key is null) DataFolder.KeepMasterKey(embedded.Data, distributed.MasterKey);
    }
}
