using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.House.Tests;

public partial class NameTests
{
    private static readonly string[] _anywhere = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Common"];

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w<>\[\]?,. ]+?)\s+(?<name>[A-Z]\w*)")]
    private static partial Regex TypeName();

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Words();

    [Fact]
    public void Names_say_what_a_type_is() =>
        Rule.NoneOf(
            from path in Repo.Sources("src", "tests", "load-tests")
            from name in Declared(Repo.Read(path)).Append(Path.GetFileNameWithoutExtension(path))
            where IsEmptyName(name)
            select $"{path}: {name}",
            "Manager, Helper, Utils, Common and Base say nothing; name what it is:");

    [Theory]
    [InlineData("SessionManager", true)]
    [InlineData("HelperMethods", true)]
    [InlineData("UrlUtils", true)]
    [InlineData("BaseReader", true)]
    [InlineData("ReaderBase", true)]
    [InlineData("IManagerOfThings", true)]
    [InlineData("Base64Text", false)]
    [InlineData("DatabasePath", false)]
    [InlineData("Commonality", false)]
    public void An_empty_name_is_told_from_a_good_one(string name, bool empty) => Assert.Equal(empty, IsEmptyName(name));

    /// <summary>Names of all types that the source declares.</summary>
    internal static IEnumerable<string> Declared(string source) =>
        TypeName().Matches(CodeText.Of(source)).Select(m => m.Groups["name"].Value);

    private static bool IsEmptyName(string name)
    {
        var words = Words().Matches(name).Select(m => m.Value).ToList();
        return words.Any(_anywhere.Contains) || (words.Count > 0 && (words[0] == "Base" || words[^1] == "Base"));
    }
}
