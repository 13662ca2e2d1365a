using System.Globalization;

namespace ClosedLoop.Streaming.Log;

/// <summary>One process per data folder. The kernel drops the lock with the process, however it ends, so nothing stale stays behind.</summary>
internal sealed class DataLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _holder;

    public DataLock(string path)
    {
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path));
            throw new InvalidOperationException(
                $"The data folder {folder} is in use by {Holder(path)}. Stop that process, or set CLOSEDLOOP_DATA to another folder.", e);
        }
        _holder = path + ".pid";
        File.WriteAllText(_holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        File.Delete(_holder);
        _file.Dispose();
    }

    private static string Holder(string path)
    {
        try
        {
            // A file beside the lock: the locked one can't be read by others.
            return int.TryParse(File.ReadAllText(path + ".pid"), CultureInfo.InvariantCulture, out var id) ? $"process {id}" : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
