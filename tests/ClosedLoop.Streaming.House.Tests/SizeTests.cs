namespace ClosedLoop.Streaming.House.Tests;

public class SizeTests
{
    private const long FileBytesMax = 12 * 1024;
    private const long SmallFileBytesMax = 6 * 1024;
    private const int SmallFilesPercentMin = 90;
    private const int MethodLinesMax = 49;

    private static readonly string[] _code = ["src", "tests", "load-tests"];

    [Fact]
    public void No_file_is_over_twelve_kilobytes() =>
        Rule.NoneOf(
            from path in Repo.Sources(_code)
            let bytes = Repo.Bytes(path)
            where bytes > FileBytesMax
            select $"{path}: {bytes:N0} bytes",
            $"A C# file has at most {FileBytesMax:N0} bytes:");

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Nine_of_ten_files_are_under_six_kilobytes(string folder)
    {
        var sizes = Repo.Sources(folder).Select(path => (Path: path, Bytes: Repo.Bytes(path))).ToList();
        var large = sizes.Where(f => f.Bytes > SmallFileBytesMax).OrderByDescending(f => f.Bytes).ToList();
        Assert.True(large.Count * 100 <= sizes.Count * (100 - SmallFilesPercentMin),
            $"{large.Count} of {sizes.Count} files in {folder} are over {SmallFileBytesMax:N0} bytes:\n  "
            + string.Join("\n  ", large.Select(f => $"{f.Path}: {f.Bytes:N0}")));
    }

    [Fact]
    public void Methods_are_under_fifty_lines() =>
        Rule.NoneOf(
            from path in Repo.Sources(_code)
            from member in Members.Of(Repo.Read(path))
            where member.Lines > MethodLinesMax
            select $"{path}:{member.FirstLine} {member.Name}: {member.Lines} lines",
            $"A method has at most {MethodLinesMax} lines:");
}
