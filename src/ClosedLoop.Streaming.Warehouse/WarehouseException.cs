using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.Warehouse;

/// <summary>The warehouse said no. <see cref="Code"/> is ClickHouse's own error code, 0 when the message carries none; <see cref="Exception.Message"/> is its text.</summary>
public sealed partial class WarehouseException(int code, string message, Exception? inner = null) : Exception(message, inner)
{
    public int Code { get; } = code;

    /// <summary>Name of the code as ClickHouse writes it in parentheses; empty when absent.</summary>
    public string Name => NameOf().Match(Message) is { Success: true } match ? match.Groups[1].Value : "";

    public static WarehouseException Of(string message)
    {
        var match = CodeOf().Match(message);
        return new WarehouseException(match.Success ? int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : 0, message);
    }

    [GeneratedRegex(@"Code: (\d{1,6})\.", RegexOptions.CultureInvariant)]
    private static partial Regex CodeOf();

    [GeneratedRegex(@"\(([A-Z][A-Z0-9_]{3,80})\)", RegexOptions.CultureInvariant | RegexOptions.RightToLeft)]
    private static partial Regex NameOf();
}

/// <summary>The warehouse can't be reached or can't be started; trying again later is right.</summary>
public sealed class WarehouseAwayException(string message, Exception? inner = null) : Exception(message, inner);
