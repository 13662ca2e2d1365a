namespace ClosedLoop.Streaming.House.Tests;

/// <summary>The rules are only as good as the reading of the code under them.</summary>
public class ScannerTests
{
    [Theory]
    [InlineData("a // b {\nc", "a       \nc")]
    [InlineData("a /* { \n } */ b", "a      \n      b")]
    [InlineData("""x = "a{\"}" + y""", """x =         + y""")]
    [InlineData("""x = @"\" + y""", """x =      + y""")]
    [InlineData("""x = @"a""b" + y""", """x =         + y""")]
    [InlineData("""x = $"{a["k"]}{{" + y""", """x =               + y""")]
    [InlineData("""x = $@"{a}""{{" + y""", """x =             + y""")]
    [InlineData("x = '\"' + '\\'' + '{'", "x =     +      +    ")]
    [InlineData("x = \"\"\"a \"\" {\n\"\"\" + y", "x =          \n    + y")]
    [InlineData("x = \"open\ny {", "x =      \ny {")]
    public void Literals_and_comments_become_spaces(string source, string code) => Assert.Equal(code, CodeText.Of(source));

    private const string ClassOfEverything = """
        using System;
        namespace A;

        /// <summary>{ not a brace }</summary>
        [Obsolete("x")]
        public sealed partial class B<T>(int size) : IDisposable where T : class, new()
        {
            private readonly int[] _table =
            [
                1,
                2,
            ];
            private static readonly Dictionary<string, int> _map = new() { ["{"] = 1 };
            public int Count { get; private set; } = 3;

            [Fact]
            public void Run(string text = "}")
            {
                if (text.Length > 0) { Count++; }
                void Inner() { Count--; }
            }

            public string Name(int x) => x switch
            {
                1 => "one",
                _ => "many",
            };

            public static bool operator ==(B<T> a, B<T> b) =>
                true;

            private static readonly Func<int, int> _twice = x =>
            {
                return x * 2;
            };

            internal enum Kind { One, Two }

            internal record struct Point(int X, int Y)
            {
                public int Sum => X + Y;
            }
        }
        """;

    [Fact]
    public void Members_are_found_with_their_lines() =>
        Assert.Equal(
            [("Run", 17, 5), ("Name", 23, 5), ("operator", 29, 2), ("_twice", 32, 4), ("Sum", 41, 1)],
            Members.Of(ClassOfEverything).Select(m => (m.Name, m.FirstLine, m.Lines)));

    [Fact]
    public void Top_level_statements_count_as_one_method() =>
        Assert.Equal(
            [new Member("top-level statements", 2, 3)],
            Members.Of("using System;\nvar x = 1;\nif (x > 0) { x++; }\nreturn x;\ninternal enum Kind { A }\n"));

    [Fact]
    public void Declared_types_are_found_and_words_in_comments_are_not() =>
        Assert.Equal(
            ["A", "B", "C", "D", "E", "F"],
            NameTests.Declared("class A; record struct B(int X); record C; interface D { } // class No\nenum E { } delegate Task<int> F(int x); string s = \"class No\";"));
}
