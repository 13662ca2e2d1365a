using System.Security.Cryptography;

namespace ClosedLoop.Streaming.Host.Settings;

/// <summary>The data folder and the secrets in it: made once, kept with mode 0600, never logged.</summary>
internal sealed class DataFolder
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private DataFolder(string path, byte[] master, string adminKey, string password) =>
        (Path, Master, AdminKey, DashboardPassword) = (path, master, adminKey, password);

    public string Path { get; }
    public byte[] Master { get; }
    public string AdminKey { get; }
    public string DashboardPassword { get; }

    public static string AdminKeyFile(string folder) => System.IO.Path.Combine(folder, "admin.key");

    public static string MasterKeyFile(string folder) => System.IO.Path.Combine(folder, "master.key");

    /// <summary>Writes the key of an installation that moves here.</summary>
    public static void KeepMasterKey(string folder, string key)
    {
        Directory.CreateDirectory(folder);
        Kept(MasterKeyFile(folder), () => key);
    }

    public static string PasswordFile(string folder) => System.IO.Path.Combine(folder, "dashboard.password");

    /// <exception cref="IOException">The folder can't be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static DataFolder Open(HostSettings settings)
    {
        Directory.CreateDirectory(settings.Data);
        var master = settings.MasterKey ?? Kept(MasterKeyFile(settings.Data), () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        var admin = settings.AdminKey ?? Kept(AdminKeyFile(settings.Data), () => "cla_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
        var password = settings.DashboardPassword ?? Kept(PasswordFile(settings.Data), () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        var bytes = master.Length == 64 ? Convert.FromHexString(master) : throw new IOException($"{settings.Data}/master.key is damaged: it has 64 hexadecimal digits.");
        return new DataFolder(settings.Data, bytes, admin, password);
    }

    private static string Kept(string file, Func<string> make)
    {
        if (File.Exists(file)) return File.ReadAllText(file).Trim();
        var text = make();
        var temporary = file + ".new";
        using (var stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Private }))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(text + "\n"));
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, file);
        return text;
    }
}
