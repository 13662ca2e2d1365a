using System.IO.Compression;
using System.Text;

namespace ClosedLoop.Streaming.Host.Verbs.Imports;

/// <summary>The lines of a file, plain or gzip (by its first bytes, not by its name), streamed. A line is at most 64 KiB; the rest of a longer one is cut.</summary>
internal static class LineSource
{
    public const int LineCharsMax = 64 * 1024;

    /// <exception cref="VerbException">There is no such file, or it can't be read.</exception>
    public static IEnumerable<string> Read(string file)
    {
        using var stream = Open(file);
        using var reader = new StreamReader(stream, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024);
        var line = new StringBuilder();
        var buffer = new char[16 * 1024];
        while (reader.ReadBlock(buffer) is var read and > 0)
            foreach (var c in buffer.AsMemory(0, read).ToArray())
            {
                if (c != '\n')
                {
                    if (line.Length < LineCharsMax) line.Append(c);
                    continue;
                }
                yield return line.ToString().TrimEnd('\r');
                line.Clear();
            }
        if (line.Length > 0) yield return line.ToString();
    }

    private static Stream Open(string file)
    {
        if (!File.Exists(file)) throw new VerbException($"There is no file {file}.");
        var stream = File.OpenRead(file);
        var isGzip = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = 0;
        return isGzip ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }
}
